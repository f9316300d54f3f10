/// A job as it was planned: everything a worker needs to run it.
///
/// A frozen document: it is stored with its build and sent to the worker as the same JSON, which
/// is why a type of this room is `Codable`. It changes only by keys that may be absent.
package struct JobSpec: Equatable, Sendable {
    /// Unique in its build; with the values of its matrix, such as `test (swift=6.1)`.
    package var name: String
    /// Its key in the file, which the jobs of one matrix share; what `needs` and expressions say.
    package var key: String
    /// Axis to value; empty without a matrix.
    package var matrix: [String: String]
    /// The matrix whose other jobs its failure ends; nil: it ends none.
    package var failFast: String?
    /// Names of jobs of the same build.
    package var needs: [String]
    /// Those of `needs` that may have been skipped.
    package var optionalNeeds: [String]
    package var condition: Condition
    /// A worker must have all of them.
    package var labels: [String]
    package var resources: Resources
    package var onLost: LossPolicy
    package var services: [ServiceSpec]
    package var caches: [CacheSpec]
    package var checkout: Checkout
    /// For the whole job.
    package var timeout: TimeSpan
    /// Without any output.
    package var idleTimeout: TimeSpan?
    package var allowFailure: Bool
    /// The release channel whose lock, secrets and policy it takes.
    package var channel: String?
    /// What `env` has of the file and the job until a step sets it; only what its steps ask for.
    package var variables: [String: Template]
    package var steps: [StepSpec]
    package var reports: [ReportSpec]
    package var artifacts: [ArtifactSpec]
    /// The job of which a step asked for this one while the build ran; nil: it is the file's own.
    package var origin: String?
    /// How the steps went that earlier attempts have done; set only behind an opened gate.
    package var earlier: EarlierSteps?

    package init(
        name: String,
        key: String? = nil,
        matrix: [String: String] = [:],
        failFast: String? = nil,
        needs: [String] = [],
        optionalNeeds: [String] = [],
        condition: Condition = .success,
        labels: [String] = [],
        resources: Resources = Resources(),
        onLost: LossPolicy = .retry,
        services: [ServiceSpec] = [],
        caches: [CacheSpec] = [],
        checkout: Checkout = .standard,
        timeout: TimeSpan = JobSpec.timeoutDefault,
        idleTimeout: TimeSpan? = nil,
        allowFailure: Bool = false,
        channel: String? = nil,
        variables: [String: Template] = [:],
        steps: [StepSpec],
        reports: [ReportSpec] = [],
        artifacts: [ArtifactSpec] = [],
        origin: String? = nil,
        earlier: EarlierSteps? = nil
    ) {
        self.name = name
        self.key = key ?? name
        self.matrix = matrix
        self.failFast = failFast
        self.needs = needs
        self.optionalNeeds = optionalNeeds
        self.condition = condition
        self.labels = labels
        self.resources = resources
        self.onLost = onLost
        self.services = services
        self.caches = caches
        self.checkout = checkout
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.allowFailure = allowFailure
        self.channel = channel
        self.variables = variables
        self.steps = steps
        self.reports = reports
        self.artifacts = artifacts
        self.origin = origin
        self.earlier = earlier
    }

    /// As a pipeline writes it: what a worker should have at hand; empty: no step needs any.
    package var firstImage: String { steps.lazy.compactMap(\.image).first?.written ?? "" }

    package static let timeoutDefault = TimeSpan.hours(1)
    package static let jobsMax = 500
    package static let stepsMax = 200
}
