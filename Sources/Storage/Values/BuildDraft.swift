package import Core

/// A build to be started.
package struct BuildDraft: Sendable {
    package var pipeline: String
    /// Why it runs, in words.
    package var reason: String
    /// Nil where there are problems.
    package var plan: Plan?
    package var versionTag: VersionTag
    /// Why it does not begin at once.
    package var holds: [BuildHold]
    /// Not empty: the build is red from the start and has no jobs.
    package var problems: [Problem]
    /// Whether the problems are files that cannot be merged.
    package var hasConflict = false

    /// A build that runs as planned.
    package init(
        _ plan: Plan,
        reason: String,
        versionTag: VersionTag = .none,
        holds: [BuildHold] = []
    ) {
        pipeline = plan.pipeline
        self.reason = reason
        self.plan = plan
        self.versionTag = versionTag
        self.holds = holds
        problems = []
    }

    /// A build that shows what is wrong.
    package init(pipeline: String, reason: String, problems: [Problem]) {
        self.pipeline = pipeline
        self.reason = reason
        versionTag = .none
        holds = []
        self.problems = problems
    }
}
