package import Core

/// A job that was just given to a worker.
package struct Offer: Sendable {
    package var attempt: Attempt
    package var job: JobID
    package var spec: JobSpec
    /// The spec as it is stored; nil: it is another one, behind a gate.
    package var document: String?
    package var build: Build

    package init(attempt: Attempt, job: JobID, spec: JobSpec, document: String? = nil, build: Build)
    {
        self.attempt = attempt
        self.job = job
        self.spec = spec
        self.document = document
        self.build = build
    }
}
