package import Core

/// An attempt with what its lease and its requests need.
package struct LiveAttempt: Sendable {
    package var attempt: Attempt
    package var build: Build
    package var spec: JobSpec
    package var isCancelled: Bool

    package init(attempt: Attempt, build: Build, spec: JobSpec, isCancelled: Bool) {
        self.attempt = attempt
        self.build = build
        self.spec = spec
        self.isCancelled = isCancelled
    }
}
