/// What a job asks of its worker's machine.
package struct Resources: Hashable, Sendable, Codable {
    /// In thousandths of a processor; nil: no demand and no limit.
    package var millicpu: Int?
    /// Nil: no demand and no limit.
    package var memory: ByteSize?

    package init(millicpu: Int? = nil, memory: ByteSize? = nil) {
        self.millicpu = millicpu
        self.memory = memory
    }
}

/// What becomes of a job whose worker stayed away past its lease: `on_lost`.
package enum LossPolicy: String, Sendable, Codable, CaseIterable {
    /// It starts again, up to a limit.
    case retry
    case fail
    /// It waits for its worker.
    case wait
}

/// What lies in the workspace before the first step.
package enum Checkout: Hashable, Sendable, Codable {
    /// Nothing: `checkout: false`.
    case none
    /// The commit; `depth` counts commits, nil means the whole history.
    case source(depth: Int?, submodules: Bool)

    package static let standard = Checkout.source(depth: 50, submodules: false)
}

/// A container that runs beside the steps, reachable by its name.
package struct ServiceSpec: Equatable, Sendable, Codable {
    package var name: String
    /// Nil only where `openImage` is still to become it.
    package var image: ImageSource?
    package var openImage: Template?
    package var environment: [String: Template]
    package var health: HealthCheck?

    package init(
        name: String,
        image: ImageSource? = nil,
        openImage: Template? = nil,
        environment: [String: Template] = [:],
        health: HealthCheck? = nil
    ) {
        self.name = name
        self.image = image
        self.openImage = openImage
        self.environment = environment
        self.health = health
    }
}

/// How to see that a service is ready, before the first step begins.
package struct HealthCheck: Hashable, Sendable, Codable {
    /// A command for the service's `/bin/sh`; 0 means ready.
    package var run: String
    package var interval: TimeSpan
    /// From the start of the service; after it the job cannot begin.
    package var timeout: TimeSpan

    package init(
        run: String,
        interval: TimeSpan = .seconds(1),
        timeout: TimeSpan = .minutes(1)
    ) {
        self.run = run
        self.interval = interval
        self.timeout = timeout
    }
}

/// Files kept from build to build under a key.
package struct CacheSpec: Equatable, Sendable, Codable {
    package var key: Template
    /// Beginnings of keys that do where the key itself is not there, best first.
    package var restore: [Template]
    package var paths: [String]

    package init(key: Template, restore: [Template] = [], paths: [String]) {
        self.key = key
        self.restore = restore
        self.paths = paths
    }
}

/// Files of the workspace that are read as a report when the job ends.
package struct ReportSpec: Hashable, Sendable, Codable {
    package var kind: ReportKind
    /// Paths or patterns below the workspace.
    package var paths: [String]

    package init(kind: ReportKind, paths: [String]) {
        self.kind = kind
        self.paths = paths
    }
}

/// A form of report that is understood.
package enum ReportKind: String, Sendable, Codable, CaseIterable {
    case junit
}

/// Files a job keeps when it ends.
package struct ArtifactSpec: Equatable, Sendable {
    package var name: String
    /// Paths or patterns below the workspace.
    package var paths: [String]
    /// Nil: as long as its build.
    package var expireIn: TimeSpan?
    package var when: ArtifactOccasion

    package init(
        name: String,
        paths: [String],
        expireIn: TimeSpan? = nil,
        when: ArtifactOccasion = .success
    ) {
        self.name = name
        self.paths = paths
        self.expireIn = expireIn
        self.when = when
    }
}

/// After which ends of a job an artifact is kept.
package enum ArtifactOccasion: String, Sendable, Codable, CaseIterable {
    case success
    case failure
    case always

    /// Whether files are kept of a job that ended so.
    package func includes(_ result: BuildResult) -> Bool {
        switch self {
        case .success: result.isGreen
        case .failure: !result.isGreen
        case .always: true
        }
    }
}

extension ArtifactSpec: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, paths, expireIn, when
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            paths: try values.decode([String].self, forKey: .paths),
            expireIn: try values.decode(.expireIn, or: nil),
            when: try values.decode(.when, or: .success)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(paths, forKey: .paths)
        try values.encodeIfPresent(expireIn, forKey: .expireIn)
        try values.encode(when, .when, unless: .success)
    }
}
