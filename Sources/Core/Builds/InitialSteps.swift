/// The labels of the steps of a new attempt, in order, before anything ran.
package func initialSteps(of spec: JobSpec) -> [Step] {
    [Step(index: 0, name: "Set up", kind: .setup)]
        + spec.steps.enumerated().map { offset, step in
            Step(index: offset + 1, name: step.name, kind: step.action.kind)
        }
}
