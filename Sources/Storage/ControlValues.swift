package import Core

package import struct Foundation.Date

/// A repository to be added.
package struct RepositoryDraft: Sendable {
    package var name: String
    package var url: String
    package var defaultBranch: String
    package var pollInterval: Int

    package init(name: String, url: String, defaultBranch: String, pollInterval: Int) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
    }
}

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

/// Which builds a list wants; nil matches all.
package struct BuildFilter: Sendable {
    package var repository: String?
    package var ref: String?
    package var pipeline: String?
    package var state: Progress?
    package var result: BuildResult?

    package init(
        repository: String? = nil,
        ref: String? = nil,
        pipeline: String? = nil,
        state: Progress? = nil,
        result: BuildResult? = nil
    ) {
        self.repository = repository
        self.ref = ref
        self.pipeline = pipeline
        self.state = state
        self.result = result
    }
}

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

/// A job that waits.
package struct QueueEntry: Sendable {
    package var job: JobID
    package var name: String
    package var labels: [String]
    package var build: BuildID
    package var repository: String
    package var number: Int
    package var reason: String
    package var since: Date

    package init(
        job: JobID,
        name: String,
        labels: [String],
        build: BuildID,
        repository: String,
        number: Int,
        reason: String,
        since: Date
    ) {
        self.job = job
        self.name = name
        self.labels = labels
        self.build = build
        self.repository = repository
        self.number = number
        self.reason = reason
        self.since = since
    }
}

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

/// How a worker says an attempt ended.
package struct AttemptEnd: Sendable {
    package var result: BuildResult
    package var reason: String?
    package var steps: [Step]
    /// Lower-case hexadecimal SHA-256 of each step's log, by step index.
    package var logDigests: [Int: String]
    package var artifacts: [ArtifactDraft]

    package init(
        result: BuildResult,
        reason: String?,
        steps: [Step],
        logDigests: [Int: String],
        artifacts: [ArtifactDraft]
    ) {
        self.result = result
        self.reason = reason
        self.steps = steps
        self.logDigests = logDigests
        self.artifacts = artifacts
    }
}

/// What the end of an attempt led to.
package struct JobEnd: Sendable {
    package var build: BuildID
    package var job: JobID
    /// Set when the build ended with it.
    package var buildResult: BuildResult?
    /// Whether further jobs may start now.
    package var hasFreedJobs: Bool

    package init(build: BuildID, job: JobID, buildResult: BuildResult?, hasFreedJobs: Bool) {
        self.build = build
        self.job = job
        self.buildResult = buildResult
        self.hasFreedJobs = hasFreedJobs
    }
}

/// An artifact about to be noted; its files are in the code store already.
package struct ArtifactDraft: Sendable {
    package var name: String
    /// `sha256:…` of the manifest.
    package var digest: String
    package var files: Int
    package var bytes: Int

    package init(name: String, digest: String, files: Int, bytes: Int) {
        self.name = name
        self.digest = digest
        self.files = files
        self.bytes = bytes
    }
}

/// An artifact of a finished job.
package struct Artifact: Sendable {
    package var id: Int64
    package var job: JobID
    package var jobName: String
    package var name: String
    package var digest: String
    package var files: Int
    package var bytes: Int
    package var createdAt: Date

    package init(
        id: Int64,
        job: JobID,
        jobName: String,
        name: String,
        digest: String,
        files: Int,
        bytes: Int,
        createdAt: Date
    ) {
        self.id = id
        self.job = job
        self.jobName = jobName
        self.name = name
        self.digest = digest
        self.files = files
        self.bytes = bytes
        self.createdAt = createdAt
    }
}

/// What a person decided about a worker.
package enum WorkerMode: String, Sendable, CaseIterable {
    case taking
    case paused
    /// As paused; its process may end when its jobs have.
    case draining
}

/// A worker as it last introduced itself.
package struct WorkerRow: Sendable, Equatable {
    package var name: String
    package var labels: [String]
    package var slots: Int
    package var version: String
    /// Ignored by `greet`, which never changes a person's decision.
    package var mode: WorkerMode
    package var lastSeenAt: Date

    package init(
        name: String,
        labels: [String],
        slots: Int,
        version: String,
        mode: WorkerMode = .taking,
        lastSeenAt: Date
    ) {
        self.name = name
        self.labels = labels
        self.slots = slots
        self.version = version
        self.mode = mode
        self.lastSeenAt = lastSeenAt
    }
}

/// A token; its secret is kept only as a digest.
package struct TokenRow: Sendable, Equatable {
    /// The public part, which is also in the token's text.
    package var id: String
    package var name: String
    /// One of Wire's kinds, as text.
    package var kind: String
    /// Lower-case hexadecimal SHA-256 of the secret part.
    package var digest: String
    package var createdAt: Date
    package var lastUsedAt: Date?

    package init(
        id: String,
        name: String,
        kind: String,
        digest: String,
        createdAt: Date,
        lastUsedAt: Date? = nil
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.digest = digest
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}

/// A signed-in browser.
package struct SessionRow: Sendable, Equatable {
    /// Lower-case hexadecimal SHA-256 of the cookie.
    package var digest: String
    package var person: String
    /// One of Wire's token kinds, as text.
    package var kind: String
    /// The token that forms must carry.
    package var csrf: String
    package var expiresAt: Date

    package init(digest: String, person: String, kind: String, csrf: String, expiresAt: Date) {
        self.digest = digest
        self.person = person
        self.kind = kind
        self.csrf = csrf
        self.expiresAt = expiresAt
    }
}
