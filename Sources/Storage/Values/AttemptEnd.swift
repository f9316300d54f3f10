package import Core

/// How a worker says an attempt ended.
package struct AttemptEnd: Sendable {
    package var result: BuildResult
    package var reason: String?
    package var steps: [Step]
    /// Lower-case hexadecimal SHA-256 of each step's log, by step index.
    package var logDigests: [Int: String]
    package var artifacts: [ArtifactDraft]
    /// What its steps told later jobs.
    package var outputs: [String: String]

    package init(
        result: BuildResult,
        reason: String?,
        steps: [Step],
        logDigests: [Int: String],
        artifacts: [ArtifactDraft],
        outputs: [String: String] = [:]
    ) {
        self.result = result
        self.reason = reason
        self.steps = steps
        self.logDigests = logDigests
        self.artifacts = artifacts
        self.outputs = outputs
    }
}
