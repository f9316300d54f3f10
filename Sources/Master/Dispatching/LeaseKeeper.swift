import Core
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Ends attempts whose worker stayed away, and wakes the dispatcher on a slow tick.
struct LeaseKeeper: Service {
    let database: ControlDatabase
    let leases: LeaseTable
    let ends: AttemptEnds
    let wakeUp: WakeUp
    let logger: Logger

    /// Ticks cure what events miss.
    private static let tick = Duration.milliseconds(500)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var ticks = 0
            while (try? await Task.sleep(for: Self.tick)) != nil {
                do {
                    try await endOverdue()
                } catch {
                    logger.error("Lease check failed", metadata: ["error": "\(error)"])
                }
                ticks += 1
                if ticks.isMultiple(of: 10) { wakeUp.ring() }
            }
        }
    }

    private func endOverdue() async throws {
        for (lease, reason) in leases.overdue(at: .now) { try await end(lease, because: reason) }
    }

    /// Ends what a worker had accepted before it started anew, and does not know of any more.
    ///
    /// Without this such a job would wait for the end of its lease.
    func endAccepted(by worker: String, but kept: Set<AttemptID>) async throws {
        for lease in leases.accepted(by: worker, but: kept) {
            try await end(
                lease,
                because: "worker \(worker) started anew without it",
                isForgotten: true
            )
        }
    }

    private func end(
        _ lease: LeaseTable.Lease,
        because reason: String,
        isForgotten: Bool = false
    ) async throws {
        let loss = try await database.write { tx in
            try tx.lose(lease.attempt, reason: reason, isForgotten: isForgotten, at: Date())
        }
        logger.warning(
            "Attempt lost",
            metadata: ["job": "\(lease.job)", "reason": "\(reason)"]
        )
        switch loss {
        case .over(let end): ends.announce(lease, end)
        case .none: ends.announce(lease, nil)
        case .waits: leases.prolong(lease.attempt, at: .now)
        }
    }
}
