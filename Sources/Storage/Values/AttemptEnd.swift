package import Core

/// How a worker says an attempt ended.
package struct AttemptEnd: Sendable {
    package var result: BuildResult
    package var reason: String?
    package var steps: [Step]
    /// Lower-case hexadecimal SHA-256 of each step's log, by step index.
    package var logDigests: [Int: String]
    package var artifacts: [ArtifactDraft]
    /// What its steps told later jobs.
    package var outputs: [String: String]
    /// Markdown for people.
    package var summary: String?
    /// What its steps asked for; it counts only if all went well.
    package var additions: [JobAddition]
    /// What its steps set for later ones.
    package var variables: [String: String]
    /// The step at which it ended because people have to agree first; nil: it came to its end.
    package var gate: Int?

    package init(
        result: BuildResult,
        reason: String?,
        steps: [Step],
        logDigests: [Int: String],
        artifacts: [ArtifactDraft],
        outputs: [String: String] = [:],
        summary: String? = nil,
        additions: [JobAddition] = [],
        variables: [String: String] = [:],
        gate: Int? = nil
    ) {
        self.result = result
        self.reason = reason
        self.steps = steps
        self.logDigests = logDigests
        self.artifacts = artifacts
        self.outputs = outputs
        self.summary = summary
        self.additions = additions
        self.variables = variables
        self.gate = gate
    }
}
