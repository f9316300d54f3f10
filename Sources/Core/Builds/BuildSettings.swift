/// What the pipeline file says of a build as a whole, as it was planned, and of what it is.
///
/// A frozen document, stored with its build; it changes only by keys that may be absent.
package struct BuildSettings: Hashable, Sendable, Codable {
    package var concurrency: ConcurrencySpec?
    /// Nil: the usual, 0.
    package var priority: Int?
    package var collapse: Bool?
    package var quiet: TimeSpan?
    package var notices: [NoticeSpec]?
    /// As people read them.
    package var inputs: [String: String]?
    /// What would be merged, where the build is of a pull request.
    package var pullRequest: PullRequest?
    /// Whether its problems are files that cannot be merged; nil: they are not.
    package var hasConflict: Bool?

    package init() {}

    package init(_ plan: Plan) {
        concurrency = plan.concurrency
        priority = plan.priority == 0 ? nil : plan.priority
        collapse = plan.collapse ? true : nil
        quiet = plan.quiet
        notices = plan.notices.isEmpty ? nil : plan.notices
        inputs = plan.inputs.isEmpty ? nil : plan.inputs
    }

    /// The keys of the file that are kept with the build and not acted on by this version.
    package var idleKeys: [String] {
        var keys: [String] = []
        if notices != nil { keys.append("on_result") }
        return keys
    }
}

extension [Job] {
    /// The keys of jobs and steps that are kept with them and not acted on by this version.
    package var idleKeys: [String] {
        var keys: [String] = []
        if contains(where: { !$0.spec.reports.isEmpty }) { keys.append("reports") }
        if contains(where: { $0.spec.artifacts.contains { $0.expireIn != nil } }) {
            keys.append("expire_in")
        }
        return keys
    }
}
