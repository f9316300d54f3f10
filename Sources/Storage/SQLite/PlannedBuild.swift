import Core

/// A build about to be written, whether a change or a retry wants it.
struct PlannedBuild {
    var pipeline: String
    var event: Event
    var ref: String
    var sha: String
    var versionTag: VersionTag
    var message: String
    var author: String
    var reason: String
    var problems: [Problem] = []
    var jobs: [PlannedJob]
    var settings: BuildSettings
    var retryOf: BuildID?
    var holds: [BuildHold] = []
    /// Whether another pipeline of its commit starts when it has ended.
    var isAwaited = false
    /// The build whose end started it.
    var upstream: BuildID?
    /// Whose it is: who started it, and the address of the commit's author.
    var starter: String?
    var authorEmail: String?
}

/// A job about to be written, with its spec as the text it will be kept as.
struct PlannedJob {
    /// A job of an earlier build whose result and artifacts hold here too.
    struct Source {
        var job: Int64
        var result: BuildResult
        var reason: String
        /// As the column of the job that ran holds them.
        var outputs: String?
    }

    var name: String
    var key: String
    var needs: [String]
    var optionalNeeds: [String]
    var condition: Condition
    var failFast: String?
    /// Sorted, so that equal demands are equal text.
    var labels: String
    var allowFailure: Bool
    /// With the setup.
    var stepCount: Int
    var spec: String
    /// What it takes while it runs, as text.
    var locks: String
    /// Of its first step that has one; empty: none.
    var image: String
    /// Whether it waits for people before it needs a worker.
    var beginsAtGate: Bool
    var source: Source?
    /// Why it was filtered out when the build was planned.
    var skipReason: String?

    /// Set where it has ended before it begins.
    var earlyResult: BuildResult? { source?.result ?? (skipReason == nil ? nil : .skipped) }

    init(_ spec: JobSpec, skipReason: String? = nil) throws {
        self.skipReason = skipReason
        name = spec.name
        key = spec.key
        needs = spec.needs
        optionalNeeds = spec.optionalNeeds
        condition = spec.condition
        failFast = spec.failFast
        labels = try Text.of(list: spec.labels.sorted())
        allowFailure = spec.allowFailure
        stepCount = initialSteps(of: spec).count
        self.spec = try Text.of(spec)
        locks = try Text.of(spec.lockDemands)
        image = spec.firstImage
        beginsAtGate = spec.plainGate(behind: 0) != nil
    }

    init(
        name: String,
        key: String,
        needs: [String],
        optionalNeeds: [String],
        condition: Condition,
        failFast: String?,
        labels: String,
        allowFailure: Bool,
        stepCount: Int,
        spec: String,
        locks: String,
        image: String,
        beginsAtGate: Bool,
        source: Source?
    ) {
        self.name = name
        self.key = key
        self.needs = needs
        self.optionalNeeds = optionalNeeds
        self.condition = condition
        self.failFast = failFast
        self.labels = labels
        self.allowFailure = allowFailure
        self.stepCount = stepCount
        self.spec = spec
        self.locks = locks
        self.image = image
        self.beginsAtGate = beginsAtGate
        self.source = source
    }
}
