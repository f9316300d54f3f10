import Core
import GRDB

import struct Foundation.Date

/// What the ends of attempts say of the machinery of their workers.
extension SQLiteTransaction {
    /// Notes that an attempt ended; a worker that works well costs no write.
    func note(_ end: AttemptEnd, of held: HeldAttempt, at now: Date) throws {
        let worker = held.attempt.worker
        if isFailureOfWorker(end.result, end.steps) {
            try noteFailure(of: worker, end.reason ?? "it did not say why", at: now)
        } else if held.isWorkerSuspect, end.result != .exception, end.result != .cancelled {
            try db.run("UPDATE worker SET \(Self.trusted) WHERE name = ?", [worker])
        }
    }

    /// Notes that a worker failed by itself, or refused what it had asked for.
    func noteFailure(of worker: String, _ reason: String, at now: Date) throws {
        let known = try db.first(
            "SELECT failures, failure, quarantinedUntil FROM worker WHERE name = ?",
            [worker]
        ) { WorkerHealth($0, at: 0) }
        guard let health = known?.failed(because: reason, at: now) else { return }
        try db.run(
            "UPDATE worker SET failures = ?, failure = ?, quarantinedUntil = ? WHERE name = ?",
            [
                health.failures, health.reason, health.quarantinedUntil?.milliseconds, worker,
            ]
        )
    }

    /// The columns of a worker that nothing is held against.
    static let trusted = "failures = 0, failure = NULL, quarantinedUntil = NULL"
}

extension WorkerHealth {
    init(_ row: Row, at start: Int) {
        self.init(
            failures: row[start],
            quarantinedUntil: row.date(start + 2),
            reason: row[start + 1]
        )
    }
}
