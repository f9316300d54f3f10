package import struct Foundation.Date

/// One run of one pipeline on one exact commit.
package struct Build: Equatable, Sendable {
    package var id: BuildID
    package var repository: RepositoryID
    package var repositoryName: String
    /// Counts per repository, from 1.
    package var number: Int
    package var pipeline: String
    package var event: Event
    /// The full ref; empty for a bare commit.
    package var ref: String
    package var sha: String
    package var versionTag: VersionTag
    package var message: String
    package var author: String
    /// Why it ran, in words.
    package var reason: String
    package var state: Progress
    /// Set when `state` is finished.
    package var result: BuildResult?
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?
    package var cancelledBy: String?
    package var retryOf: BuildID?
    /// What is wrong with the pipeline file; such a build has no jobs and is red from the start.
    package var problems: [Problem]
    package var settings: BuildSettings

    package init(
        id: BuildID,
        repository: RepositoryID,
        repositoryName: String,
        number: Int,
        pipeline: String,
        event: Event,
        ref: String,
        sha: String,
        versionTag: VersionTag = .none,
        message: String,
        author: String,
        reason: String,
        state: Progress,
        result: BuildResult? = nil,
        createdAt: Date,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        cancelledBy: String? = nil,
        retryOf: BuildID? = nil,
        problems: [Problem] = [],
        settings: BuildSettings = BuildSettings()
    ) {
        self.id = id
        self.repository = repository
        self.repositoryName = repositoryName
        self.number = number
        self.pipeline = pipeline
        self.event = event
        self.ref = ref
        self.sha = sha
        self.versionTag = versionTag
        self.message = message
        self.author = author
        self.reason = reason
        self.state = state
        self.result = result
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.cancelledBy = cancelledBy
        self.retryOf = retryOf
        self.problems = problems
        self.settings = settings
    }
}

/// A node of a build's graph, with where it stands.
package struct Job: Equatable, Sendable {
    package var id: JobID
    package var build: BuildID
    package var spec: JobSpec
    package var state: Progress
    package var result: BuildResult?
    /// A sentence for whoever waits; nil unless `state` is waiting.
    package var waitingReason: String?
    /// Why it ended as it did, where the result alone does not say.
    package var reason: String?
    /// Of the newest attempt.
    package var worker: String?
    /// Of the newest attempt; 0 before the first.
    package var attempt: Int
    package var startedAt: Date?
    package var finishedAt: Date?
    /// Of the newest attempt; those that have not begun are there too.
    package var steps: [Step]

    package init(
        id: JobID,
        build: BuildID,
        spec: JobSpec,
        state: Progress,
        result: BuildResult? = nil,
        waitingReason: String? = nil,
        reason: String? = nil,
        worker: String? = nil,
        attempt: Int = 0,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        steps: [Step] = []
    ) {
        self.id = id
        self.build = build
        self.spec = spec
        self.state = state
        self.result = result
        self.waitingReason = waitingReason
        self.reason = reason
        self.worker = worker
        self.attempt = attempt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.steps = steps
    }
}

/// One command or built-in action of a job's newest attempt.
package struct Step: Equatable, Sendable {
    /// 0 is the setup.
    package var index: Int
    package var name: String
    package var kind: StepKind
    package var state: Progress
    package var result: BuildResult?
    package var exitCode: Int?
    /// Why it ended as it did, where the result alone does not say.
    package var reason: String?
    package var startedAt: Date?
    package var finishedAt: Date?
    package var logLength: Int
    /// What is missing from the log and why; nil when it is whole.
    package var logGap: String?

    package init(
        index: Int,
        name: String,
        kind: StepKind,
        state: Progress = .waiting,
        result: BuildResult? = nil,
        exitCode: Int? = nil,
        reason: String? = nil,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        logLength: Int = 0,
        logGap: String? = nil
    ) {
        self.index = index
        self.name = name
        self.kind = kind
        self.state = state
        self.result = result
        self.exitCode = exitCode
        self.reason = reason
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.logLength = logLength
        self.logGap = logGap
    }
}

/// One try of a job on one worker.
package struct Attempt: Equatable, Sendable {
    package enum State: String, Sendable, Codable {
        /// Given to the worker, which has not said yes yet.
        case offered
        case running
        case finished
        /// The worker stayed away, refused, or was told to stop.
        case lost
    }

    package var id: AttemptID
    package var job: JobID
    /// Counts per job, from 1.
    package var number: Int
    package var worker: String
    /// Grows over all attempts of a job; a write with an older one is refused.
    package var fence: Int
    package var state: State

    package init(
        id: AttemptID,
        job: JobID,
        number: Int,
        worker: String,
        fence: Int,
        state: State
    ) {
        self.id = id
        self.job = job
        self.number = number
        self.worker = worker
        self.fence = fence
        self.state = state
    }
}
