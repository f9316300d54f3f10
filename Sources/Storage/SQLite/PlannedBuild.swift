import Core

/// A build about to be written, whether a change or a retry wants it.
struct PlannedBuild {
    var pipeline: String
    var event: Event
    var ref: String
    var sha: String
    var message: String
    var author: String
    var reason: String
    var problems: [Problem] = []
    var jobs: [PlannedJob]
    var retryOf: BuildID?
}

/// A job about to be written, with its spec as the text it will be kept as.
struct PlannedJob {
    /// A job of an earlier build whose result and artifacts hold here too.
    struct Source {
        var job: Int64
        var result: BuildResult
        var reason: String
    }

    var name: String
    var needs: [String]
    var condition: Condition
    /// Sorted, so that equal demands are equal text.
    var labels: String
    var allowFailure: Bool
    /// With the setup.
    var stepCount: Int
    var spec: String
    var source: Source?

    init(_ spec: JobSpec) throws {
        name = spec.name
        needs = spec.needs
        condition = spec.condition
        labels = try Text.of(list: spec.labels.sorted())
        allowFailure = spec.allowFailure
        stepCount = initialSteps(of: spec).count
        self.spec = try Text.of(spec)
    }

    init(
        name: String,
        needs: [String],
        condition: Condition,
        labels: String,
        allowFailure: Bool,
        stepCount: Int,
        spec: String,
        source: Source?
    ) {
        self.name = name
        self.needs = needs
        self.condition = condition
        self.labels = labels
        self.allowFailure = allowFailure
        self.stepCount = stepCount
        self.spec = spec
        self.source = source
    }
}
