/// A job as it was planned: everything a worker needs to run it.
///
/// A frozen document: it is stored with its build and sent to the worker as the same JSON, which
/// is why a type of this room is `Codable`. It changes only by keys that may be absent.
package struct JobSpec: Equatable, Sendable, Codable {
    package var name: String
    /// Names of jobs of the same pipeline.
    package var needs: [String]
    package var condition: Condition
    /// A worker must have all of them.
    package var labels: [String]
    /// Seconds for the whole job.
    package var timeout: Int
    package var allowFailure: Bool
    package var steps: [StepSpec]
    package var artifacts: [ArtifactSpec]

    package init(
        name: String,
        needs: [String] = [],
        condition: Condition = .success,
        labels: [String] = [],
        timeout: Int = JobSpec.timeoutDefault,
        allowFailure: Bool = false,
        steps: [StepSpec],
        artifacts: [ArtifactSpec] = []
    ) {
        self.name = name
        self.needs = needs
        self.condition = condition
        self.labels = labels
        self.timeout = timeout
        self.allowFailure = allowFailure
        self.steps = steps
        self.artifacts = artifacts
    }

    /// Seconds: an hour.
    package static let timeoutDefault = 3_600
    package static let jobsMax = 500
    package static let stepsMax = 200
}

/// One command or built-in action of a job.
package struct StepSpec: Equatable, Sendable, Codable {
    /// The `name:` key, or the start of what it does.
    package var name: String
    package var action: StepAction
    package var condition: Condition
    /// Seconds; nil: only the job's own limit holds.
    package var timeout: Int?
    package var allowFailure: Bool
    /// Nil only for built-in actions.
    package var image: ImageSource?
    package var environment: [String: String]

    package init(
        name: String,
        action: StepAction,
        condition: Condition = .success,
        timeout: Int? = nil,
        allowFailure: Bool = false,
        image: ImageSource? = nil,
        environment: [String: String] = [:]
    ) {
        self.name = name
        self.action = action
        self.condition = condition
        self.timeout = timeout
        self.allowFailure = allowFailure
        self.image = image
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
    /// Text for `/bin/sh -e`.
    case run(script: String)
    /// Takes an artifact of an earlier job into the workspace folder `to`.
    case download(job: String, artifact: String, to: String)
    case publish(PublishSpec)
    case promote(unit: String?, channel: String)

    package var kind: StepKind {
        switch self {
        case .run: .run
        case .download: .download
        case .publish: .publish
        case .promote: .promote
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
}

/// A release to be made of a folder of the workspace.
package struct PublishSpec: Equatable, Sendable, Codable {
    /// Nil: the repository's name.
    package var unit: String?
    package var from: String
    /// May hold `${{ semver }}`, `${{ sha }}`, `${{ short_sha }}`, `${{ branch }}`, `${{ tag }}`
    /// and `${{ build }}`; nil means `${{ semver }}`.
    package var version: String?
    /// Moved by the publication; nil: the unit's first channel.
    package var channel: String?
    /// A file of the workspace.
    package var notes: String?

    package init(
        unit: String? = nil,
        from: String,
        version: String? = nil,
        channel: String? = nil,
        notes: String? = nil
    ) {
        self.unit = unit
        self.from = from
        self.version = version
        self.channel = channel
        self.notes = notes
    }
}

/// Files a job keeps when it ends.
package struct ArtifactSpec: Equatable, Sendable, Codable {
    package var name: String
    /// Paths or patterns below the workspace.
    package var paths: [String]

    package init(name: String, paths: [String]) {
        self.name = name
        self.paths = paths
    }
}
