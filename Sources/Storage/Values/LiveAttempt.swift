package import Core

/// An attempt with what its lease and its requests need.
package struct LiveAttempt: Sendable {
    package var attempt: Attempt
    package var build: Build
    package var spec: JobSpec
    /// The spec as it is stored, where that was read anyhow.
    package var document: String?
    package var isCancelled: Bool

    package init(
        attempt: Attempt,
        build: Build,
        spec: JobSpec,
        document: String? = nil,
        isCancelled: Bool
    ) {
        self.attempt = attempt
        self.build = build
        self.spec = spec
        self.document = document
        self.isCancelled = isCancelled
    }
}
