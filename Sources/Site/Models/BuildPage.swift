package import Core

package import struct Foundation.Date

/// One build: what it is, how it stands, its first error, its jobs and steps.
package struct BuildPage: Equatable, Sendable {
    package var link: BuildLink
    package var pipeline: String
    package var event: Event
    /// The full ref; empty for a bare commit.
    package var ref: String
    package var sha: String
    /// The whole commit message, which may be empty.
    package var message: String
    package var author: String
    /// Why it ran, in words.
    package var reason: String
    package var standing: Standing
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?
    package var cancelledBy: String?
    package var retryOf: BuildLink?
    /// In the order of the pipeline file.
    package var jobs: [BuildJob]
    /// What is wrong with the pipeline file; such a build has no jobs.
    package var problems: [Problem]
    package var firstError: FirstError?
    package var way: Way?
    package var artifacts: [ArtifactRow]
    /// What jobs have said to people.
    package var summaries: [JobSummary]
    /// What was given for the pipeline's inputs, by name.
    package var inputs: [String: String]
    /// 0 is the usual one.
    package var priority: Int
    /// Keys of the file that are kept with the build and not acted on by this version.
    package var idleKeys: [String]
    /// Whether a person must say that it may run.
    package var isHeldForApproval: Bool
    /// Whether it waits for a time that a person may end.
    package var canBeginEarly: Bool
    /// Whether its problems are files that cannot be merged.
    package var hasConflict: Bool
    /// Commits it answers for beside its own, newest first.
    package var covers: [CoveredCommit]
    /// The newer build that this one merged into.
    package var coveredBy: BuildLink?
    /// Those that wait, and those that were decided.
    package var gates: [Gate]

    package init(
        link: BuildLink,
        pipeline: String,
        event: Event,
        ref: String,
        sha: String,
        message: String,
        author: String,
        reason: String,
        standing: Standing,
        createdAt: Date,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        cancelledBy: String? = nil,
        retryOf: BuildLink? = nil,
        jobs: [BuildJob],
        problems: [Problem] = [],
        firstError: FirstError? = nil,
        way: Way? = nil,
        artifacts: [ArtifactRow] = [],
        summaries: [JobSummary] = [],
        inputs: [String: String] = [:],
        priority: Int = 0,
        idleKeys: [String] = [],
        isHeldForApproval: Bool = false,
        canBeginEarly: Bool = false,
        hasConflict: Bool = false,
        covers: [CoveredCommit] = [],
        coveredBy: BuildLink? = nil,
        gates: [Gate] = []
    ) {
        self.link = link
        self.pipeline = pipeline
        self.event = event
        self.ref = ref
        self.sha = sha
        self.message = message
        self.author = author
        self.reason = reason
        self.standing = standing
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.cancelledBy = cancelledBy
        self.retryOf = retryOf
        self.jobs = jobs
        self.problems = problems
        self.firstError = firstError
        self.way = way
        self.artifacts = artifacts
        self.summaries = summaries
        self.inputs = inputs
        self.priority = priority
        self.idleKeys = idleKeys
        self.isHeldForApproval = isHeldForApproval
        self.canBeginEarly = canBeginEarly
        self.hasConflict = hasConflict
        self.covers = covers
        self.coveredBy = coveredBy
        self.gates = gates
    }
}

/// One job of a build.
package struct BuildJob: Equatable, Sendable {
    package var id: JobID
    package var name: String
    /// Names of jobs of this build.
    package var needs: [String]
    package var standing: Standing
    package var waitingReason: String?
    /// True where no known worker has the labels it needs.
    package var isUnserved: Bool
    /// Since when the newest waiting reason holds.
    package var waitingSince: Date?
    /// Why it ended as it did, where the result alone does not say.
    package var reason: String?
    package var worker: String?
    /// 0 before the first.
    package var attempt: Int
    package var startedAt: Date?
    package var finishedAt: Date?
    package var steps: [BuildStep]

    package init(
        id: JobID,
        name: String,
        needs: [String] = [],
        standing: Standing,
        waitingReason: String? = nil,
        isUnserved: Bool = false,
        waitingSince: Date? = nil,
        reason: String? = nil,
        worker: String? = nil,
        attempt: Int = 0,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        steps: [BuildStep] = []
    ) {
        self.id = id
        self.name = name
        self.needs = needs
        self.standing = standing
        self.waitingReason = waitingReason
        self.isUnserved = isUnserved
        self.waitingSince = waitingSince
        self.reason = reason
        self.worker = worker
        self.attempt = attempt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.steps = steps
    }
}

/// One step of a job.
package struct BuildStep: Equatable, Sendable {
    /// 0 is the setup.
    package var index: Int
    package var name: String
    package var standing: Standing
    package var exitCode: Int?
    /// Why it ended as it did, where the result alone does not say.
    package var reason: String?
    package var startedAt: Date?
    package var finishedAt: Date?
    /// Of its log, in bytes.
    package var logLength: Int
    /// What is missing from the log and why; nil when it is whole.
    package var logGap: String?

    package init(
        index: Int,
        name: String,
        standing: Standing,
        exitCode: Int? = nil,
        reason: String? = nil,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        logLength: Int = 0,
        logGap: String? = nil
    ) {
        self.index = index
        self.name = name
        self.standing = standing
        self.exitCode = exitCode
        self.reason = reason
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.logLength = logLength
        self.logGap = logGap
    }
}

/// The step that made the build red first, with the end of what it wrote.
package struct FirstError: Equatable, Sendable {
    package var job: JobID
    package var jobName: String
    package var step: BuildStep
    /// The last lines, few enough to read at a glance.
    package var excerpt: LogSlice
    /// Lines of the whole log.
    package var lines: Int

    package init(
        job: JobID,
        jobName: String,
        step: BuildStep,
        excerpt: LogSlice,
        lines: Int
    ) {
        self.job = job
        self.jobName = jobName
        self.step = step
        self.excerpt = excerpt
        self.lines = lines
    }
}

/// A file or tree that a job kept.
package struct ArtifactRow: Equatable, Sendable {
    package var id: Int64
    package var name: String
    package var job: String
    package var files: Int
    package var bytes: Int
    package var digest: String

    package init(
        id: Int64,
        name: String,
        job: String,
        files: Int,
        bytes: Int,
        digest: String
    ) {
        self.id = id
        self.name = name
        self.job = job
        self.files = files
        self.bytes = bytes
        self.digest = digest
    }
}

/// What a job has said to people.
package struct JobSummary: Equatable, Sendable {
    package var job: String
    package var text: String

    package init(job: String, text: String) {
        self.job = job
        self.text = text
    }
}
