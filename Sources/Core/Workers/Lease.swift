/// How long a worker may stay silent, and what follows.
package struct LeaseTerms: Equatable, Sendable {
    /// Between two heartbeats.
    package var heartbeat: Duration
    /// Without a heartbeat for this long, the attempt is lost.
    package var lease: Duration
    /// From offer to acceptance.
    package var acceptance: Duration
    /// From a cancel to the end, with or without the worker's help.
    package var cancellation: Duration
    /// After a start of the master, during which nothing is declared lost.
    package var startGrace: Duration

    package init(
        heartbeat: Duration,
        lease: Duration,
        acceptance: Duration,
        cancellation: Duration,
        startGrace: Duration
    ) {
        self.heartbeat = heartbeat
        self.lease = lease
        self.acceptance = acceptance
        self.cancellation = cancellation
        self.startGrace = startGrace
    }

    package static let standard = LeaseTerms(
        heartbeat: .seconds(10),
        lease: .seconds(60),
        acceptance: .seconds(30),
        cancellation: .seconds(15),
        startGrace: .seconds(90)
    )
}

/// What becomes of a job whose attempt was lost.
package enum LossVerdict: Equatable, Sendable {
    case tryAgain
    /// It goes on where it is, should its worker come back.
    case keepWaiting
    case finish(BuildResult, reason: String)
}

/// How an attempt was lost.
package enum LossCause: Equatable, Sendable, CaseIterable {
    /// Its worker stayed away past the lease, and may yet come back with it.
    case silence
    /// Its worker never took it.
    case refusal
    /// Its worker came back and has nothing of it.
    case oblivion

    /// What the worker did, as sentences say it.
    fileprivate var words: String {
        switch self {
        case .silence: "stopped answering"
        case .refusal: "did not take it"
        case .oblivion: "came back without it"
        }
    }
}

/// Decides about a job whose attempt was lost.
///
/// Only losses count against the limit, never red results: a failing step is not tried again. A
/// job that waits for its worker does so while there is something to wait for: once the worker
/// has nothing of it, the job is as one that may be tried again.
package func verdict(
    onLossOf attempt: Int,
    worker: String,
    isCancelled: Bool,
    policy: LossPolicy = .retry,
    cause: LossCause = .silence,
    attemptsMax: Int = 3
) -> LossVerdict {
    if isCancelled {
        return .finish(.cancelled, reason: "cancelled; worker \(worker) did not confirm in time")
    }
    switch (policy, cause) {
    case (.wait, .silence):
        return .keepWaiting
    case (.fail, _):
        return .finish(
            .exception,
            reason: "worker \(worker) \(cause.words), and 'on_lost' is 'fail'"
        )
    case (.retry, _), (.wait, .refusal), (.wait, .oblivion):
        if attempt < attemptsMax { return .tryAgain }
        return .finish(
            .exception,
            reason: "lost \(attempt) times, last by worker \(worker), which \(cause.words)"
        )
    }
}
