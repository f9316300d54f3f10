/// A step as its file describes it, before it is planned for a change.
package struct StepDefinition: Equatable, Sendable {
    /// The `name` key; nil: the start of what it does.
    package var name: Template?
    package var action: ActionDefinition
    /// The `if` key; nil: `success()`.
    package var condition: Expression?
    package var timeout: TimeSpan?
    package var idleTimeout: TimeSpan?
    package var allowFailure: Bool
    package var retry: RetryRule?
    package var exitCodes: [Int: ExitMeaning]
    package var locks: [LockSpec]
    package var secrets: [SecretRequest]
    package var image: Template?
    package var shell: String?
    package var environment: [String: Template]
    /// The `with` key: each becomes a variable `PLUGIN_NAME`.
    package var settings: [String: Template]
    package var mark: Mark

    package init(
        name: Template? = nil,
        action: ActionDefinition,
        condition: Expression? = nil,
        timeout: TimeSpan? = nil,
        idleTimeout: TimeSpan? = nil,
        allowFailure: Bool = false,
        retry: RetryRule? = nil,
        exitCodes: [Int: ExitMeaning] = [:],
        locks: [LockSpec] = [],
        secrets: [SecretRequest] = [],
        image: Template? = nil,
        shell: String? = nil,
        environment: [String: Template] = [:],
        settings: [String: Template] = [:],
        mark: Mark
    ) {
        self.name = name
        self.action = action
        self.condition = condition
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.allowFailure = allowFailure
        self.retry = retry
        self.exitCodes = exitCodes
        self.locks = locks
        self.secrets = secrets
        self.image = image
        self.shell = shell
        self.environment = environment
        self.settings = settings
        self.mark = mark
    }
}

/// What a step does, as the file describes it.
package enum ActionDefinition: Equatable, Sendable {
    /// Text for the shell, in which nothing is put in.
    case run(script: String)
    /// No commands: the image's own program, told by ``StepDefinition/settings``.
    case plugin
    case download(DownloadDefinition)
    case publish(PublishDefinition)
    case promote(PromoteDefinition)
    case gate(GateDefinition)
}

/// Takes an artifact of an earlier job into a folder of the workspace.
package struct DownloadDefinition: Equatable, Sendable {
    package var job: Template
    package var artifact: Template
    /// Nil: the workspace itself.
    package var to: Template?

    package init(job: Template, artifact: Template, to: Template? = nil) {
        self.job = job
        self.artifact = artifact
        self.to = to
    }
}

/// Makes a release of a folder of the workspace.
package struct PublishDefinition: Equatable, Sendable {
    package var unit: Template?
    package var from: Template
    package var version: Template?
    package var channel: Template?
    package var notes: String?

    package init(
        unit: Template? = nil,
        from: Template,
        version: Template? = nil,
        channel: Template? = nil,
        notes: String? = nil
    ) {
        self.unit = unit
        self.from = from
        self.version = version
        self.channel = channel
        self.notes = notes
    }
}

/// Moves a channel to the release of this build.
package struct PromoteDefinition: Equatable, Sendable {
    package var unit: Template?
    package var to: Template

    package init(unit: Template? = nil, to: Template) {
        self.unit = unit
        self.to = to
    }
}

/// Waits for people, without holding a worker.
package struct GateDefinition: Equatable, Sendable {
    package var name: Template
    package var approvers: [String]
    /// How many of them have to agree.
    package var min: Int
    package var timeout: TimeSpan?

    package init(name: Template, approvers: [String], min: Int = 1, timeout: TimeSpan? = nil) {
        self.name = name
        self.approvers = approvers
        self.min = min
        self.timeout = timeout
    }
}
