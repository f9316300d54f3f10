/// Why a pipeline does not run for a change.
package enum NoTrigger: Equatable, Sendable {
    case event
    case branch
    case tag
    case paths
}

/// Decides whether the change starts the pipeline: nil means yes.
///
/// - Parameters:
///   - triggers: The pipeline's `on:`.
///   - change: What happened.
///   - changedPaths: The files that differ from the commit before; nil when that is unknown, as
///     for the first push of all, which then counts as touching everything.
/// - Returns: What stands against it.
package func obstacle(
    _ triggers: Triggers,
    for change: Change,
    changedPaths: [String]?
) -> NoTrigger? {
    switch change.event {
    case .manual:
        return triggers.isManual ? nil : .event
    case .tag:
        guard let tags = triggers.tags else { return .event }
        return tags.admits(change.tag ?? "") ? nil : .tag
    case .push:
        guard let push = triggers.push else { return .event }
        guard push.branches.admits(change.branch ?? "") else { return .branch }
        guard let changedPaths, !push.paths.patterns.isEmpty else { return nil }
        return changedPaths.contains { push.paths.admits($0) } ? nil : .paths
    }
}

/// The labels of the steps of a new attempt, in order, before anything ran.
package func initialSteps(of spec: JobSpec) -> [Step] {
    [Step(index: 0, name: "Set up", kind: .setup)]
        + spec.steps.enumerated().map { offset, step in
            Step(index: offset + 1, name: step.name, kind: step.action.kind)
        }
}
