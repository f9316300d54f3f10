/// How the steps of a job went that earlier attempts have done: those before a gate.
package struct EarlierSteps: Equatable, Sendable, Codable {
    /// The worst of them.
    package var result: BuildResult
    /// What they set for later steps.
    package var variables: [String: String]
    /// What they told later jobs.
    package var outputs: [String: String]

    package init(
        result: BuildResult,
        variables: [String: String] = [:],
        outputs: [String: String] = [:]
    ) {
        self.result = result
        self.variables = variables
        self.outputs = outputs
    }

    /// With what a further attempt did.
    package func followed(by later: EarlierSteps) -> EarlierSteps {
        EarlierSteps(
            result: max(result, later.result),
            variables: variables.merging(later.variables) { $1 },
            outputs: outputs.merging(later.outputs) { $1 }
        )
    }
}

extension JobSpec {
    /// The gate that is this step; nil: the step is none.
    package func gate(at position: Int) -> GateSpec? {
        guard steps.indices.contains(position - 1) else { return nil }
        guard case .gate(let gate) = steps[position - 1].action else { return nil }
        return gate
    }

    /// The gate behind this step that the job reaches without a worker; nil: the next step is no
    /// gate, or whether it is reached is for a worker to find out.
    package func plainGate(behind position: Int) -> GateSpec? {
        guard let gate = gate(at: position + 1) else { return nil }
        let step = steps[position]
        let isPlain = step.condition == .success || step.condition == .always
        return step.skipReason == nil && isPlain ? gate : nil
    }

    /// The document for an attempt at what lies behind the gate that was opened.
    ///
    /// - Parameters:
    ///   - passed: The gate's step; it and all before it are done for good.
    ///   - earlier: How those went.
    ///   - artifacts: Names of those that are kept already.
    /// - Returns: The job, in which what is done is skipped.
    package func continued(
        behind passed: Int,
        after earlier: EarlierSteps?,
        keeping artifacts: Set<String>
    ) -> JobSpec {
        var spec = self
        for index in steps.indices.prefix(passed) {
            spec.steps[index].skipReason = "it was done before the gate was opened"
        }
        spec.earlier = earlier
        spec.artifacts.removeAll { artifacts.contains($0.name) }
        return spec
    }
}
