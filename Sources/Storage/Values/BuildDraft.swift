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
    /// Whether another pipeline of its commit starts when it has ended.
    package var isAwaited = false
    /// Whether it is none: a push that its `paths` kept out, for the next build to name.
    package var isPassed = false
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

    /// No build, but a push that the next one covers.
    package init(passing pipeline: String) {
        self.init(pipeline: pipeline, reason: "", problems: [])
        isPassed = true
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
