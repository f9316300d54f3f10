/// A file of a repository's `pipelines/` folder as it is written: what starts it, and its jobs.
///
/// Planning (``plan(_:for:)``) makes ``JobSpec``s of it. The marks say where a thing stands in
/// the file, so that what planning finds wrong can be shown there.
package struct Pipeline: Equatable, Sendable {
    /// The `name:` key, or the file's name without its ending.
    package var name: String
    /// Where the file lies in the commit, such as `pipelines/main.yml`.
    package var path: String
    package var triggers: Triggers
    /// What `with:` must give to a file that is used by another; those of a person's build are
    /// in ``ManualTrigger``.
    package var inputs: [InputDefinition]
    /// The ref must have been still for so long before a build begins.
    package var quiet: TimeSpan?
    /// Whether queued builds of one branch merge into the newest.
    package var collapse: Bool
    /// Higher goes first.
    package var priority: Int
    package var concurrency: ConcurrencyDefinition?
    package var environment: [String: Template]
    package var defaults: JobDefaults
    /// In the order of the file.
    package var jobs: [JobDefinition]
    package var onResult: [NoticeDefinition]

    package init(
        name: String,
        path: String,
        triggers: Triggers = .standard,
        inputs: [InputDefinition] = [],
        quiet: TimeSpan? = nil,
        collapse: Bool = false,
        priority: Int = 0,
        concurrency: ConcurrencyDefinition? = nil,
        environment: [String: Template] = [:],
        defaults: JobDefaults = JobDefaults(),
        jobs: [JobDefinition],
        onResult: [NoticeDefinition] = []
    ) {
        self.name = name
        self.path = path
        self.triggers = triggers
        self.inputs = inputs
        self.quiet = quiet
        self.collapse = collapse
        self.priority = priority
        self.concurrency = concurrency
        self.environment = environment
        self.defaults = defaults
        self.jobs = jobs
        self.onResult = onResult
    }
}

/// What jobs have that do not say otherwise.
package struct JobDefaults: Equatable, Sendable {
    package var image: Template?
    package var shell: String?
    package var timeout: TimeSpan?
    package var idleTimeout: TimeSpan?

    package init(
        image: Template? = nil,
        shell: String? = nil,
        timeout: TimeSpan? = nil,
        idleTimeout: TimeSpan? = nil
    ) {
        self.image = image
        self.shell = shell
        self.timeout = timeout
        self.idleTimeout = idleTimeout
    }
}

/// How many builds of one group run at once: the `concurrency` key.
package struct ConcurrencyDefinition: Equatable, Sendable {
    package var group: Template
    package var limit: Int
    package var onNew: ConcurrencyPolicy

    package init(group: Template, limit: Int = 1, onNew: ConcurrencyPolicy = .queue) {
        self.group = group
        self.limit = limit
        self.onNew = onNew
    }
}

/// What a new build of a full group does.
package enum ConcurrencyPolicy: String, Sendable, Codable, CaseIterable {
    /// It cancels the oldest that runs.
    case cancel
    case queue
}

/// Who hears of a build's end: an item of `on_result`.
package struct NoticeDefinition: Equatable, Sendable {
    /// Nil: always.
    package var condition: Expression?
    package var target: NoticeTarget

    package init(condition: Expression?, target: NoticeTarget) {
        self.condition = condition
        self.target = target
    }
}

/// Where the news of a build's end goes.
package enum NoticeTarget: Hashable, Sendable, Codable {
    /// An address, a name of the server's, or `blamelist`: everybody whose commits are new.
    case mail(String)
    /// A name of the server's settings.
    case webhook(String)
}
