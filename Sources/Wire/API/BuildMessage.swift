package import Core

package import struct Foundation.Date

/// A build as the API shows it; lists leave `jobs` out.
package struct BuildMessage: Codable, Sendable {
    package var id: Int64
    package var repository: String
    package var number: Int
    package var pipeline: String
    package var event: Event
    package var ref: String
    package var sha: String
    package var message: String
    package var author: String
    package var state: Progress
    package var result: BuildResult?
    package var reason: String
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?
    package var cancelledBy: String?
    package var retryOf: Int64?
    /// Absent: the usual, 0.
    package var priority: Int?
    /// What is wrong with the pipeline file.
    package var problems: [Problem]?
    /// Why it does not begin; absent where nothing holds it back, and in lists.
    package var holds: [HoldMessage]?
    /// Commits it answers for beside its own, newest first; absent in lists.
    package var covers: [CoveredCommitMessage]?
    /// The newer build that this one merged into; absent in lists.
    package var coveredBy: Int64?
    /// The build whose end started it; absent in lists.
    package var upstream: Int64?
    package var jobs: [JobMessage]?

    package init(_ build: Build, jobs: [JobMessage]? = nil) {
        id = build.id.rawValue
        repository = build.repositoryName
        number = build.number
        pipeline = build.pipeline
        event = build.event
        ref = build.ref
        sha = build.sha
        message = build.message
        author = build.author
        state = build.state
        result = build.result
        reason = build.reason
        createdAt = build.createdAt
        startedAt = build.startedAt
        finishedAt = build.finishedAt
        cancelledBy = build.cancelledBy
        retryOf = build.retryOf?.rawValue
        priority = build.settings.priority
        problems = build.problems.isEmpty ? nil : build.problems
        self.jobs = jobs
    }
}

/// A job as the API shows it.
package struct JobMessage: Codable, Sendable {
    package var id: Int64
    package var build: Int64
    package var name: String
    /// Always absent until matrices exist; the contract names it.
    package var matrix: [String: String]?
    package var needs: [String]
    package var labels: [String]
    package var state: Progress
    package var result: BuildResult?
    package var waitingReason: String?
    package var reason: String?
    package var worker: String?
    package var attempt: Int
    package var startedAt: Date?
    package var finishedAt: Date?
    package var steps: [StepMessage]
    /// Markdown that its steps wrote for people; only where one job is asked for.
    package var summary: String?

    package init(_ job: Job, summary: String? = nil) {
        self.summary = summary
        id = job.id.rawValue
        build = job.build.rawValue
        name = job.spec.name
        needs = job.spec.needs
        labels = job.spec.labels
        state = job.state
        result = job.result
        waitingReason = job.waitingReason
        reason = job.reason
        worker = job.worker
        attempt = job.attempt
        startedAt = job.startedAt
        finishedAt = job.finishedAt
        steps = job.steps.map(StepMessage.init)
    }
}

/// A step as the API shows it.
package struct StepMessage: Codable, Sendable {
    package var index: Int
    package var name: String
    package var kind: StepKind
    package var state: Progress
    package var result: BuildResult?
    package var exitCode: Int?
    package var reason: String?
    package var startedAt: Date?
    package var finishedAt: Date?
    package var logBytes: Int
    /// What is missing from the log and why.
    package var logGap: String?

    package init(_ step: Step) {
        index = step.index
        name = step.name
        kind = step.kind
        state = step.state
        result = step.result
        exitCode = step.exitCode
        reason = step.reason
        startedAt = step.startedAt
        finishedAt = step.finishedAt
        logBytes = step.logLength
        logGap = step.logGap
    }
}

/// Body of `POST /api/v1/repositories/{name}/builds`.
package struct StartBuildMessage: Codable, Sendable {
    /// A branch, tag or full ref; nil with no `sha`: the default branch.
    package var ref: String?
    package var sha: String?
    /// Nil: every pipeline that may be started by hand.
    package var pipeline: String?
    /// Values of the inputs that the pipeline's `manual` declares, as text.
    package var inputs: [String: String]?
    /// Nil: as soon as a worker is free.
    package var notBefore: Date?
    /// One of Core's `priorities`; nil: what the pipeline file says.
    package var priority: Int?

    package init(
        ref: String? = nil,
        sha: String? = nil,
        pipeline: String? = nil,
        inputs: [String: String]? = nil,
        notBefore: Date? = nil,
        priority: Int? = nil
    ) {
        self.ref = ref
        self.sha = sha
        self.pipeline = pipeline
        self.inputs = inputs
        self.notBefore = notBefore
        self.priority = priority
    }
}

/// What a call that started builds answers.
package struct StartedBuildsMessage: Codable, Sendable {
    package var builds: [BuildMessage]

    package init(builds: [BuildMessage]) {
        self.builds = builds
    }
}

/// Body of `POST /api/v1/builds/{id}/retries`.
package struct RetryMessage: Codable, Sendable {
    /// Nil: false.
    package var failedOnly: Bool?

    package init(failedOnly: Bool?) {
        self.failedOnly = failedOnly
    }
}

/// Body of `POST /api/v1/builds/{id}/approval`.
package struct ApprovalMessage: Codable, Sendable {
    /// Whether later builds of the same contributor wait again; nil: false.
    package var once: Bool?

    package init(once: Bool?) {
        self.once = once
    }
}

/// A job that waits, and why.
package struct QueueEntryMessage: Codable, Sendable {
    package var job: Int64
    package var name: String
    package var build: Int64
    package var repository: String
    package var number: Int
    package var labels: [String]
    package var waitingReason: String
    package var since: Date
    /// Absent: the usual, 0.
    package var priority: Int?

    package init(
        job: Int64,
        name: String,
        build: Int64,
        repository: String,
        number: Int,
        labels: [String],
        waitingReason: String,
        since: Date,
        priority: Int? = nil
    ) {
        self.job = job
        self.name = name
        self.build = build
        self.repository = repository
        self.number = number
        self.labels = labels
        self.waitingReason = waitingReason
        self.since = since
        self.priority = priority
    }
}

/// An artifact of a build.
package struct ArtifactMessage: Codable, Sendable {
    package var id: Int64
    package var job: Int64
    package var name: String
    /// `sha256:…` of the manifest of its files.
    package var digest: String
    package var files: Int
    package var bytes: Int
    package var createdAt: Date

    package init(
        id: Int64,
        job: Int64,
        name: String,
        digest: String,
        files: Int,
        bytes: Int,
        createdAt: Date
    ) {
        self.id = id
        self.job = job
        self.name = name
        self.digest = digest
        self.files = files
        self.bytes = bytes
        self.createdAt = createdAt
    }
}

/// A piece of a live log, as pages get it.
package struct LogPieceMessage: Codable, Sendable {
    /// Where the piece begins in the log.
    package var offset: Int
    /// Invalid UTF-8 is replaced.
    package var text: String

    package init(offset: Int, text: String) {
        self.offset = offset
        self.text = text
    }
}
