/// Why a pipeline does not run for a change.
package enum NoTrigger: Equatable, Sendable {
    case event(Event)
    case branch(String)
    case tag(String)
    case paths
    case upstream(String)
    case upstreamResult(String, BuildResult)

    /// The sentence people read.
    package var sentence: String {
        switch self {
        case .event(let event): "its 'on' does not name \(event.rawValue)"
        case .branch(let branch): "its 'on' does not let in the branch \(quoted(branch))"
        case .tag(let tag): "its 'on' does not let in the tag \(quoted(tag))"
        case .paths: "no changed file is among its paths"
        case .upstream(let name): "its 'on' does not name the pipeline \(quoted(name))"
        case .upstreamResult(let name, let result):
            "the pipeline \(quoted(name)) ended with \(result.rawValue), "
                + "which is not what its 'on' waits for"
        }
    }
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
        return triggers.manual == nil ? .event(.manual) : nil
    case .schedule:
        return triggers.schedules.isEmpty ? .event(.schedule) : nil
    case .tag:
        guard let tags = triggers.tags else { return .event(.tag) }
        let tag = change.tag ?? ""
        return tags.admits(tag) ? nil : .tag(tag)
    case .push:
        guard let push = triggers.push else { return .event(.push) }
        let branch = change.branch ?? ""
        guard push.branches.admits(branch) else { return .branch(branch) }
        return push.paths.admits(anyOf: changedPaths) ? nil : .paths
    case .pullRequest:
        guard let request = triggers.pullRequest else { return .event(.pullRequest) }
        let target = change.pullRequest?.target ?? ""
        guard request.branches.admits(target) else { return .branch(target) }
        return request.paths.admits(anyOf: changedPaths) ? nil : .paths
    case .trial:
        return obstacle(triggers, forTryOf: Ref.triedBranch(change.ref) ?? "", changedPaths)
    case .pipeline:
        return obstacle(triggers.pipelines, after: change.upstream)
    }
}

/// A try starts what a push of its branch would, or a pull request from it.
private func obstacle(
    _ triggers: Triggers,
    forTryOf branch: String,
    _ changedPaths: [String]?
) -> NoTrigger? {
    let pushed = triggers.push.flatMap { $0.branches.admits(branch) ? $0.paths : nil }
    let offered = triggers.pullRequest?.paths
    if pushed == nil, offered == nil {
        return triggers.push == nil ? .event(.trial) : .branch(branch)
    }
    let isTouched = [pushed, offered].contains { $0?.admits(anyOf: changedPaths) ?? false }
    return isTouched ? nil : .paths
}

private func obstacle(_ awaited: [PipelineTrigger], after upstream: Upstream?) -> NoTrigger? {
    guard let upstream, !awaited.isEmpty else { return .event(.pipeline) }
    let named = awaited.filter { $0.name == upstream.pipeline }
    if named.isEmpty { return .upstream(upstream.pipeline) }
    let isAwaited = named.contains { $0.result == nil || $0.result == upstream.result }
    return isAwaited ? nil : .upstreamResult(upstream.pipeline, upstream.result)
}

extension GlobList {
    /// Whether one of the files is let in; without patterns, or without knowing, all are.
    fileprivate func admits(anyOf paths: [String]?) -> Bool {
        guard let paths, !patterns.isEmpty else { return true }
        return paths.contains { admits($0) }
    }
}
