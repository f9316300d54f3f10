package import Core

/// The worker protocol: one call that carries a batch of every verb.
///
/// A worker keeps at most two of them open: one that only claims, and waits for work, and one
/// that tells what happened. Logs, blobs and sources travel beside it as plain bytes.
package enum WorkerProtocol {
    /// Grows when a verb changes its meaning; a master takes its own and the one before.
    package static let version = 2

    /// From here on an order holds its job as the document that is stored.
    package static let documents = 2

    /// Seconds a claim may wait for work.
    package static let claimWaitMax = 25

    /// Seconds for which an order is the worker's before it has accepted it.
    package static let acceptanceMax: Int64 = 30

    /// Bytes of one log upload.
    package static let logChunkMax = 1 << 20
}

/// Body of `POST /worker/v1/sync`.
package struct SyncRequest: Codable, Sendable {
    package var `protocol`: Int
    package var worker: WorkerHello
    /// Nil: this call asks for no work.
    package var claim: Claim?
    package var accepts: [AttemptReference]
    /// Of every attempt the worker runs; it renews their leases.
    package var heartbeats: [Heartbeat]
    package var finishes: [FinishReport]
    /// Set in the first call of a process: the attempts it goes on with.
    ///
    /// Whatever else the worker had accepted, nobody runs any more.
    package var kept: [AttemptReference]?

    package init(
        protocol: Int = WorkerProtocol.version,
        worker: WorkerHello,
        claim: Claim? = nil,
        accepts: [AttemptReference] = [],
        heartbeats: [Heartbeat] = [],
        finishes: [FinishReport] = [],
        kept: [AttemptReference]? = nil
    ) {
        self.protocol = `protocol`
        self.worker = worker
        self.claim = claim
        self.accepts = accepts
        self.heartbeats = heartbeats
        self.finishes = finishes
        self.kept = kept
    }
}

/// What a worker says of itself in every call; its name comes from its token.
package struct WorkerHello: Codable, Sendable, Equatable {
    package var labels: [String]
    package var slots: Int
    package var version: String
    /// Takes no new jobs because its own process is about to end.
    package var isDraining: Bool
    /// Why it takes no jobs, as a sentence without its full stop; nil: it does.
    package var trouble: String?

    package init(
        labels: [String],
        slots: Int,
        version: String,
        isDraining: Bool = false,
        trouble: String? = nil
    ) {
        self.labels = labels
        self.slots = slots
        self.version = version
        self.isDraining = isDraining
        self.trouble = trouble
    }
}

/// A wish for work.
package struct Claim: Codable, Sendable {
    package var freeSlots: Int
    /// Seconds to wait when there is none; at most ``WorkerProtocol/claimWaitMax``.
    package var wait: Int
    /// Attempts whose orders it has, and has not accepted yet: they need not be told again.
    package var heard: [Int64]?

    package init(freeSlots: Int, wait: Int, heard: [Int64]? = nil) {
        self.freeSlots = freeSlots
        self.wait = wait
        self.heard = heard
    }
}

/// One attempt under one lease.
package struct AttemptReference: Codable, Sendable, Hashable {
    package var attempt: Int64
    package var fence: Int

    package init(attempt: Int64, fence: Int) {
        self.attempt = attempt
        self.fence = fence
    }
}

/// That an attempt lives, and what its steps did since the last call.
package struct Heartbeat: Codable, Sendable {
    package var attempt: Int64
    package var fence: Int
    /// Only those that changed.
    package var steps: [StepReport]

    package init(attempt: Int64, fence: Int, steps: [StepReport]) {
        self.attempt = attempt
        self.fence = fence
        self.steps = steps
    }
}

/// How a step stands.
///
/// Workers tell durations, never times of their own clock.
package struct StepReport: Codable, Sendable, Equatable {
    package var index: Int
    package var state: Progress
    package var result: BuildResult?
    package var exitCode: Int?
    package var reason: String?
    /// Milliseconds since it began; nil when it has not or never will.
    package var startedAgo: Int?
    /// Milliseconds since it ended.
    package var finishedAgo: Int?
    /// Of the whole log; set when it ended.
    package var logLength: Int?
    /// Lower-case hexadecimal SHA-256 of the whole log; set when it ended.
    package var logDigest: String?
    /// What the worker itself knows to be missing.
    package var logGap: String?

    package init(
        index: Int,
        state: Progress,
        result: BuildResult? = nil,
        exitCode: Int? = nil,
        reason: String? = nil,
        startedAgo: Int? = nil,
        finishedAgo: Int? = nil,
        logLength: Int? = nil,
        logDigest: String? = nil,
        logGap: String? = nil
    ) {
        self.index = index
        self.state = state
        self.result = result
        self.exitCode = exitCode
        self.reason = reason
        self.startedAgo = startedAgo
        self.finishedAgo = finishedAgo
        self.logLength = logLength
        self.logDigest = logDigest
        self.logGap = logGap
    }
}

/// How an attempt ended: all its steps, its logs already uploaded.
package struct FinishReport: Codable, Sendable {
    package var attempt: Int64
    package var fence: Int
    package var result: BuildResult
    package var reason: String?
    package var steps: [StepReport]
    package var artifacts: [ArtifactReport]
    /// What its steps told later jobs; nil: nothing.
    package var outputs: [String: String]?
    /// Pipeline fragments whose jobs are to join the build; nil: none.
    package var additions: [String]?
    /// Markdown for people; nil: none.
    package var summary: String?
    /// The step at which it ended because people have to agree before the job goes on.
    package var gate: Int?
    /// What its steps set for those behind the gate; nil: nothing.
    package var variables: [String: String]?

    package init(
        attempt: Int64,
        fence: Int,
        result: BuildResult,
        reason: String? = nil,
        steps: [StepReport],
        artifacts: [ArtifactReport] = [],
        outputs: [String: String]? = nil,
        additions: [String]? = nil,
        summary: String? = nil,
        gate: Int? = nil,
        variables: [String: String]? = nil
    ) {
        self.attempt = attempt
        self.fence = fence
        self.result = result
        self.reason = reason
        self.steps = steps
        self.artifacts = artifacts
        self.outputs = outputs
        self.additions = additions
        self.summary = summary
        self.gate = gate
        self.variables = variables
    }
}

/// An artifact whose blobs are already in the store.
package struct ArtifactReport: Codable, Sendable, Equatable {
    package var name: String
    package var files: [FileEntry]

    package init(name: String, files: [FileEntry]) {
        self.name = name
        self.files = files
    }
}

/// One file of an artifact or release.
package struct FileEntry: Codable, Sendable, Equatable {
    /// Relative, with `/`.
    package var path: String
    /// Lower-case hexadecimal SHA-256.
    package var sha256: String
    package var size: Int
    /// Of the file system: 0o644, 0o755, or 0o120000 for a link, whose bytes are its target.
    package var mode: Int

    package init(path: String, sha256: String, size: Int, mode: Int) {
        self.path = path
        self.sha256 = sha256
        self.size = size
        self.mode = mode
    }
}

/// Answer of `POST /worker/v1/sync`.
package struct SyncResponse: Codable, Sendable {
    /// Jobs to run; each must be accepted within ``WorkerProtocol/acceptanceMax``.
    package var orders: [JobOrder]
    /// In the order of the request's accepts.
    package var accepts: [AttemptAnswer]
    /// In the order of the request's heartbeats.
    package var heartbeats: [AttemptAnswer]
    /// In the order of the request's finishes.
    package var finishes: [AttemptAnswer]

    package init(
        orders: [JobOrder] = [],
        accepts: [AttemptAnswer] = [],
        heartbeats: [AttemptAnswer] = [],
        finishes: [AttemptAnswer] = []
    ) {
        self.orders = orders
        self.accepts = accepts
        self.heartbeats = heartbeats
        self.finishes = finishes
    }
}

/// What the master says of one attempt.
package struct AttemptAnswer: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable {
        /// Noted, durably.
        case ok
        /// Stop it and report it finished.
        case cancel
        /// Not this worker's any more: kill its containers, report nothing.
        case stale
        /// A log is shorter than the report says: upload from `expected` on, then finish again.
        case logIncomplete = "log_incomplete"
    }

    package var attempt: Int64
    package var verdict: Verdict
    /// Seconds until the lease ends without another heartbeat.
    package var lease: Int?
    /// Where a log's upload must go on, by step.
    package var expected: [String: Int]?

    package init(
        attempt: Int64,
        verdict: Verdict,
        lease: Int? = nil,
        expected: [String: Int]? = nil
    ) {
        self.attempt = attempt
        self.verdict = verdict
        self.lease = lease
        self.expected = expected
    }
}
