package import Core

/// What a person wants to have run.
package struct LocalRequest: Sendable {
    /// Any folder of the working tree.
    package var folder: String
    /// A path or a name; nil: the only one, or `main`.
    package var pipeline: String?
    package var event: Event
    /// Keys or names of jobs, which run with what they need; empty: all.
    package var jobs: [String]
    /// Axis to value: other jobs of a matrix with that axis are left out.
    package var matrix: [String: String]
    package var inputs: [String: String]
    /// Name to value.
    package var secrets: [String: String]
    /// Jobs at once.
    package var slots: Int
    /// Whether containers of a job that failed stay, to be looked into.
    package var keepsFailed: Bool

    package init(
        folder: String,
        pipeline: String? = nil,
        event: Event = .push,
        jobs: [String] = [],
        matrix: [String: String] = [:],
        inputs: [String: String] = [:],
        secrets: [String: String] = [:],
        slots: Int = 2,
        keepsFailed: Bool = false
    ) {
        self.folder = folder
        self.pipeline = pipeline
        self.event = event
        self.jobs = jobs
        self.matrix = matrix
        self.inputs = inputs
        self.secrets = secrets
        self.slots = slots
        self.keepsFailed = keepsFailed
    }
}
