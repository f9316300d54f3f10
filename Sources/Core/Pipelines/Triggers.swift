/// What starts a pipeline: its `on:` key.
package struct Triggers: Equatable, Sendable {
    /// Nil: a push starts nothing.
    package var push: PushTrigger?
    /// Nil: a pull request starts nothing.
    package var pullRequest: PullRequestTrigger?
    /// Patterns over tag names; nil: a tag starts nothing.
    package var tags: GlobList?
    package var schedules: [ScheduleTrigger]
    /// Builds of other pipelines on the same commit.
    package var pipelines: [PipelineTrigger]
    /// Nil: nobody may start it by hand.
    package var manual: ManualTrigger?

    package init(
        push: PushTrigger? = nil,
        pullRequest: PullRequestTrigger? = nil,
        tags: GlobList? = nil,
        schedules: [ScheduleTrigger] = [],
        pipelines: [PipelineTrigger] = [],
        manual: ManualTrigger? = nil
    ) {
        self.push = push
        self.pullRequest = pullRequest
        self.tags = tags
        self.schedules = schedules
        self.pipelines = pipelines
        self.manual = manual
    }

    /// What a file without `on:` means.
    package static let standard = Triggers(
        push: PushTrigger(),
        pullRequest: PullRequestTrigger(),
        manual: ManualTrigger()
    )
}

/// Which pushes start a pipeline.
package struct PushTrigger: Equatable, Sendable {
    package var branches: GlobList
    /// Over the changed files; empty lets every push in.
    package var paths: GlobList
    /// Nil: ``PathsMode/trigger``.
    package var pathsMode: PathsMode?

    package init(
        branches: GlobList = GlobList([]),
        paths: GlobList = GlobList([]),
        pathsMode: PathsMode? = nil
    ) {
        self.branches = branches
        self.paths = paths
        self.pathsMode = pathsMode
    }
}

/// What becomes of a push that starts nothing, because none of its files is among the `paths`.
package enum PathsMode: String, Sendable, Codable, CaseIterable {
    /// It is forgotten.
    case trigger
    /// The next build of the branch says that it covers it.
    case include
}

/// Which pull requests start a pipeline.
package struct PullRequestTrigger: Equatable, Sendable {
    /// Over the branch it would be merged into.
    package var branches: GlobList
    /// Over the changed files; empty lets every pull request in.
    package var paths: GlobList

    package init(branches: GlobList = GlobList([]), paths: GlobList = GlobList([])) {
        self.branches = branches
        self.paths = paths
    }
}

/// A time that comes again: an item of `schedule`.
package struct ScheduleTrigger: Equatable, Sendable {
    /// Five fields, as ``Cron`` reads them.
    package var cron: Located<String>
    /// Nil: UTC.
    package var timezone: Located<String>?
    /// Whether an unchanged branch is left alone.
    package var onlyIfChanged: Bool
    /// Builds an unchanged branch all the same after so long.
    package var forceEvery: TimeSpan?
    /// Nil: ``MissedPolicy/once``.
    package var missed: MissedPolicy?

    package init(
        cron: Located<String>,
        timezone: Located<String>? = nil,
        onlyIfChanged: Bool = false,
        forceEvery: TimeSpan? = nil,
        missed: MissedPolicy? = nil
    ) {
        self.cron = cron
        self.timezone = timezone
        self.onlyIfChanged = onlyIfChanged
        self.forceEvery = forceEvery
        self.missed = missed
    }
}

/// What becomes of times that passed while the server was away.
package enum MissedPolicy: String, Sendable, Codable, CaseIterable {
    /// All of them together are made up for by one build.
    case once
    case skip
}

/// The end of another pipeline's build on the same commit.
package struct PipelineTrigger: Equatable, Sendable {
    package var name: String
    /// Nil: any end.
    package var result: BuildResult?

    package init(name: String, result: BuildResult? = .success) {
        self.name = name
        self.result = result
    }
}

/// A person who asks for a build, and what may be told to it.
package struct ManualTrigger: Equatable, Sendable {
    package var inputs: [InputDefinition]

    package init(inputs: [InputDefinition] = []) {
        self.inputs = inputs
    }
}
