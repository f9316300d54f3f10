/// One command or built-in action of a job.
///
/// Like ``JobSpec``, a frozen document.
package struct StepSpec: Equatable, Sendable {
    /// The `name:` key, or the start of what it does.
    package var name: String
    package var action: StepAction
    package var condition: Condition
    /// Why it will not run, where its `if` is decided against it already.
    package var skipReason: String?
    /// Nil: only the job's own limit holds.
    package var timeout: TimeSpan?
    /// Without any output; nil: the job's.
    package var idleTimeout: TimeSpan?
    package var allowFailure: Bool
    package var retry: RetryRule?
    package var exitCodes: [Int: ExitMeaning]
    package var locks: [LockSpec]
    package var secrets: [SecretRequest]
    /// Nil only for built-in actions, and where `openImage` is still to become it.
    package var image: ImageSource?
    /// An image whose name needs what is known when the job is ready.
    package var openImage: Template?
    /// Nil: `/bin/sh`.
    package var shell: String?
    /// What the file gives; the settings of a plug-in are in it as `PLUGIN_NAME`.
    package var environment: [String: Template]

    package init(
        name: String,
        action: StepAction,
        condition: Condition = .success,
        skipReason: String? = nil,
        timeout: TimeSpan? = nil,
        idleTimeout: TimeSpan? = nil,
        allowFailure: Bool = false,
        retry: RetryRule? = nil,
        exitCodes: [Int: ExitMeaning] = [:],
        locks: [LockSpec] = [],
        secrets: [SecretRequest] = [],
        image: ImageSource? = nil,
        openImage: Template? = nil,
        shell: String? = nil,
        environment: [String: Template] = [:]
    ) {
        self.name = name
        self.action = action
        self.condition = condition
        self.skipReason = skipReason
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.allowFailure = allowFailure
        self.retry = retry
        self.exitCodes = exitCodes
        self.locks = locks
        self.secrets = secrets
        self.image = image
        self.openImage = openImage
        self.shell = shell
        self.environment = environment
    }
}

/// Where a step's container image comes from.
package enum ImageSource: Equatable, Hashable, Sendable, Codable {
    /// A reference such as `debian:bookworm-slim`.
    case reference(String)
    /// `./containers/NAME`, built from the commit; the value is NAME.
    case folder(String)
}

/// What a step does.
package enum StepAction: Equatable, Sendable, Codable {
    /// Text for the step's shell.
    case run(script: String)
    /// The image's own program.
    case plugin
    /// Takes an artifact of an earlier job into the workspace folder `to`.
    case download(job: String, artifact: String, to: String)
    case publish(PublishSpec)
    case promote(unit: Template?, channel: Template)
    case gate(GateSpec)

    package var kind: StepKind {
        switch self {
        case .run, .plugin: .run
        case .download: .download
        case .publish: .publish
        case .promote: .promote
        case .gate: .gate
        }
    }
}

/// The contract's word for what a step does.
package enum StepKind: String, Sendable, Codable, CaseIterable {
    /// What Slipway does before the first step: source and image. Always index 0.
    case setup
    case run
    case download
    case publish
    case promote
    case gate
}

/// A release to be made of a folder of the workspace.
package struct PublishSpec: Equatable, Sendable, Codable {
    /// Nil: the repository's name.
    package var unit: Template?
    package var from: Template
    /// Nil means `${{ semver }}`.
    package var version: Template?
    /// Moved by the publication; nil: the unit's first channel.
    package var channel: Template?
    /// A file of the workspace.
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

/// People who must agree before the job goes on.
package struct GateSpec: Equatable, Sendable, Codable {
    package var name: String
    /// Names of people, or `team:NAME`.
    package var approvers: [String]
    /// How many of them have to agree.
    package var min: Int
    /// Nil: it waits without end.
    package var timeout: TimeSpan?

    package init(name: String, approvers: [String], min: Int = 1, timeout: TimeSpan? = nil) {
        self.name = name
        self.approvers = approvers
        self.min = min
        self.timeout = timeout
    }
}
