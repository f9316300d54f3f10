package import Core

/// A job that was just given to a worker.
package struct Offer: Sendable {
    package var attempt: Attempt
    package var job: JobID
    package var spec: JobSpec
    package var build: Build

    package init(attempt: Attempt, job: JobID, spec: JobSpec, build: Build) {
        self.attempt = attempt
        self.job = job
        self.spec = spec
        self.build = build
    }
}
