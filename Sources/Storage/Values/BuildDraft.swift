package import Core

/// A build to be started.
package struct BuildDraft: Sendable {
    package var pipeline: String
    /// Why it runs, in words.
    package var reason: String
    package var jobs: [JobSpec]
    /// Not empty: the build is red from the start and has no jobs.
    package var problems: [Problem]

    package init(pipeline: String, reason: String, jobs: [JobSpec], problems: [Problem] = []) {
        self.pipeline = pipeline
        self.reason = reason
        self.jobs = jobs
        self.problems = problems
    }
}
