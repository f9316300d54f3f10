/// What a change makes of a pipeline: the jobs of one build.
package struct Plan: Equatable, Sendable {
    package var pipeline: String
    /// Those that may run, in the order of the file.
    package var jobs: [JobSpec]
    /// Those whose `if` is decided already, against them.
    package var filtered: [FilteredJob]
    package var concurrency: ConcurrencySpec?
    package var priority: Int
    package var collapse: Bool
    package var quiet: TimeSpan?
    package var notices: [NoticeSpec]
    /// As people read them.
    package var inputs: [String: String]

    package init(
        pipeline: String,
        jobs: [JobSpec],
        filtered: [FilteredJob] = [],
        concurrency: ConcurrencySpec? = nil,
        priority: Int = 0,
        collapse: Bool = false,
        quiet: TimeSpan? = nil,
        notices: [NoticeSpec] = [],
        inputs: [String: String] = [:]
    ) {
        self.pipeline = pipeline
        self.jobs = jobs
        self.filtered = filtered
        self.concurrency = concurrency
        self.priority = priority
        self.collapse = collapse
        self.quiet = quiet
        self.notices = notices
        self.inputs = inputs
    }
}

/// A job that is reported as skipped from the start.
package struct FilteredJob: Equatable, Sendable {
    package var spec: JobSpec
    /// Why, in words.
    package var reason: String

    package init(spec: JobSpec, reason: String) {
        self.spec = spec
        self.reason = reason
    }
}

/// How many builds of one group run at once.
package struct ConcurrencySpec: Hashable, Sendable, Codable {
    package var group: String
    package var limit: Int
    package var onNew: ConcurrencyPolicy

    package init(group: String, limit: Int, onNew: ConcurrencyPolicy) {
        self.group = group
        self.limit = limit
        self.onNew = onNew
    }
}

/// Who hears of a build's end, and when.
package struct NoticeSpec: Hashable, Sendable, Codable {
    /// Asked with ``Status/init(of:previous:)`` when the build has ended.
    package var condition: Condition
    package var target: NoticeTarget

    package init(condition: Condition, target: NoticeTarget) {
        self.condition = condition
        self.target = target
    }
}

/// What planning is given beside the pipeline.
package struct PlanRequest: Sendable {
    package var change: Change
    package var defaultBranch: String
    /// What a person gave for the pipeline's inputs, as text.
    package var inputs: [String: String]
    /// Nil when it is unknown, which counts as everything.
    package var changedPaths: [String]?
    /// The files that jobs may use, by path such as `pipelines/lib/test.yml`.
    package var library: [String: Pipeline]

    package init(
        change: Change,
        defaultBranch: String,
        inputs: [String: String] = [:],
        changedPaths: [String]? = nil,
        library: [String: Pipeline] = [:]
    ) {
        self.change = change
        self.defaultBranch = defaultBranch
        self.inputs = inputs
        self.changedPaths = changedPaths
        self.library = library
    }
}

/// What came of planning.
package enum Planned: Equatable, Sendable {
    case plan(Plan)
    /// All that is wrong, in the order of the files.
    case problems([Problem])
}
