package import Core

/// What the end of an attempt led to.
package struct JobEnd: Sendable {
    package var build: BuildID
    package var job: JobID
    /// Set when the build ended with it.
    package var buildResult: BuildResult?
    /// Whether further jobs may start now.
    package var hasFreedJobs: Bool
    /// Attempts of other jobs of which nothing will come: their workers must end them.
    package var stopped: [AttemptID]

    package init(
        build: BuildID,
        job: JobID,
        buildResult: BuildResult?,
        hasFreedJobs: Bool,
        stopped: [AttemptID] = []
    ) {
        self.build = build
        self.job = job
        self.buildResult = buildResult
        self.hasFreedJobs = hasFreedJobs
        self.stopped = stopped
    }
}
