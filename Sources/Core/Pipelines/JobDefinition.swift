/// A job as its file describes it, before it is planned for a change.
package struct JobDefinition: Equatable, Sendable {
    /// Its key below `jobs`.
    package var name: Located<String>
    package var matrix: MatrixDefinition?
    package var needs: [NeedDefinition]
    /// The `if` key; nil: `success()`.
    package var condition: Expression?
    package var labels: [Template]
    package var image: Template?
    package var shell: String?
    package var environment: [String: Template]
    package var resources: Resources
    package var onLost: LossPolicy
    package var services: [ServiceDefinition]
    package var caches: [CacheDefinition]
    package var checkout: Checkout
    package var steps: [StepDefinition]
    package var reports: [ReportSpec]
    package var artifacts: [ArtifactDefinition]
    /// The release channel whose lock, secrets and policy it takes.
    package var channel: Template?
    package var allowFailure: Bool
    package var timeout: TimeSpan?
    package var idleTimeout: TimeSpan?
    /// Jobs of another file in its place; then it has no steps of its own.
    package var uses: UseDefinition?

    package init(
        name: Located<String>,
        matrix: MatrixDefinition? = nil,
        needs: [NeedDefinition] = [],
        condition: Expression? = nil,
        labels: [Template] = [],
        image: Template? = nil,
        shell: String? = nil,
        environment: [String: Template] = [:],
        resources: Resources = Resources(),
        onLost: LossPolicy = .retry,
        services: [ServiceDefinition] = [],
        caches: [CacheDefinition] = [],
        checkout: Checkout = .standard,
        steps: [StepDefinition] = [],
        reports: [ReportSpec] = [],
        artifacts: [ArtifactDefinition] = [],
        channel: Template? = nil,
        allowFailure: Bool = false,
        timeout: TimeSpan? = nil,
        idleTimeout: TimeSpan? = nil,
        uses: UseDefinition? = nil
    ) {
        self.name = name
        self.matrix = matrix
        self.needs = needs
        self.condition = condition
        self.labels = labels
        self.image = image
        self.shell = shell
        self.environment = environment
        self.resources = resources
        self.onLost = onLost
        self.services = services
        self.caches = caches
        self.checkout = checkout
        self.steps = steps
        self.reports = reports
        self.artifacts = artifacts
        self.channel = channel
        self.allowFailure = allowFailure
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.uses = uses
    }
}

/// Another job that ends before this one begins.
package struct NeedDefinition: Equatable, Sendable {
    package var job: Located<String>
    /// Whether it may have been skipped, filtered out, or not exist at all.
    package var isOptional: Bool

    package init(job: Located<String>, isOptional: Bool = false) {
        self.job = job
        self.isOptional = isOptional
    }
}

/// `uses` with its `with`: the jobs of another file of the same commit.
package struct UseDefinition: Equatable, Sendable {
    /// A value for one of that file's inputs.
    package struct Argument: Equatable, Sendable {
        package var name: Located<String>
        package var value: Template

        package init(name: Located<String>, value: Template) {
            self.name = name
            self.value = value
        }
    }

    /// From the root of the repository, such as `pipelines/lib/test.yml`.
    package var path: Located<String>
    package var arguments: [Argument]

    package init(path: Located<String>, arguments: [Argument] = []) {
        self.path = path
        self.arguments = arguments
    }
}

/// A container that runs beside the steps, reachable by its name.
package struct ServiceDefinition: Equatable, Sendable {
    package var name: Located<String>
    package var image: Template
    package var environment: [String: Template]
    package var health: HealthCheck?

    package init(
        name: Located<String>,
        image: Template,
        environment: [String: Template] = [:],
        health: HealthCheck? = nil
    ) {
        self.name = name
        self.image = image
        self.environment = environment
        self.health = health
    }
}

/// Files kept from build to build under a key.
package struct CacheDefinition: Equatable, Sendable {
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

/// Files a job keeps when it ends, as the file describes them.
package struct ArtifactDefinition: Equatable, Sendable {
    package var name: Template
    package var paths: [String]
    package var expireIn: TimeSpan?
    package var when: ArtifactOccasion

    package init(
        name: Template,
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
