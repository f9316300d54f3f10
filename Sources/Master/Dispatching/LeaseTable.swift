import Core
import Foundation
import Storage
import Synchronization

/// The leases of all live attempts, on the master's monotonic clock.
///
/// A mirror of the attempt rows: it is rebuilt from them at start, with a grace in which nothing
/// is declared lost. The rows decide; this only knows how long each may stay silent.
final class LeaseTable: Sendable {
    struct Lease: Sendable {
        var attempt: AttemptID
        var build: BuildID
        var job: JobID
        var worker: String
        var fence: Int
        var isAccepted: Bool
        var deadline: ContinuousClock.Instant
        /// Set by a cancel; ends the attempt with or without the worker.
        var cancelDeadline: ContinuousClock.Instant?
    }

    let terms: LeaseTerms
    private let leases = Mutex<[AttemptID: Lease]>([:])

    init(terms: LeaseTerms) {
        self.terms = terms
    }

    /// Leases again what was live before a restart.
    func restore(_ attempts: [LiveAttempt], at now: ContinuousClock.Instant) {
        for live in attempts {
            add(live, deadline: now + terms.startGrace)
            if live.isCancelled { cancel(live.attempt.id, at: now) }
        }
    }

    /// Leases an offer until it must be accepted.
    func offer(_ live: LiveAttempt, at now: ContinuousClock.Instant) {
        add(live, deadline: now + terms.acceptance)
    }

    private func add(_ live: LiveAttempt, deadline: ContinuousClock.Instant) {
        let lease = Lease(
            attempt: live.attempt.id,
            build: live.build.id,
            job: live.attempt.job,
            worker: live.attempt.worker,
            fence: live.attempt.fence,
            isAccepted: live.attempt.state == .running,
            deadline: deadline
        )
        leases.withLock { $0[lease.attempt] = lease }
    }

    /// Renews a lease; nil when the attempt is not this worker's under this fence.
    func renew(
        _ id: AttemptID,
        fence: Int,
        worker: String,
        isAccepted: Bool,
        at now: ContinuousClock.Instant
    ) -> Lease? {
        leases.withLock { leases in
            guard var lease = leases[id], lease.fence == fence, lease.worker == worker else {
                return nil
            }
            lease.deadline = now + terms.lease
            lease.isAccepted = lease.isAccepted || isAccepted
            leases[id] = lease
            return lease
        }
    }

    /// The lease, where the attempt is this worker's under this fence.
    func lease(of id: AttemptID, fence: Int, worker: String) -> Lease? {
        leases.withLock { leases in
            guard let lease = leases[id], lease.fence == fence, lease.worker == worker else {
                return nil
            }
            return lease
        }
    }

    /// Gives a cancelled attempt its last moments.
    func cancel(_ id: AttemptID, at now: ContinuousClock.Instant) {
        leases.withLock { leases in
            if leases[id]?.cancelDeadline == nil {
                leases[id]?.cancelDeadline = now + terms.cancellation
            }
        }
    }

    /// Gives a silent worker another lease, because its job waits for it.
    func prolong(_ id: AttemptID, at now: ContinuousClock.Instant) {
        leases.withLock { $0[id]?.deadline = now + terms.lease }
    }

    func end(_ id: AttemptID) {
        _ = leases.withLock { $0.removeValue(forKey: id) }
    }

    /// Attempts of a worker it has not accepted yet: told again when it asks again.
    func offers(to worker: String) -> [Lease] {
        leases.withLock { leases in
            leases.values.filter { $0.worker == worker && !$0.isAccepted }
                .sorted { $0.attempt < $1.attempt }
        }
    }

    /// Jobs a worker runs.
    func jobs(of worker: String) -> [JobID] {
        leases.withLock { leases in
            leases.values.filter { $0.worker == worker }.map(\.job).sorted()
        }
    }

    /// Attempts a worker holds a lease on.
    func attempts(of worker: String) -> [AttemptID] {
        leases.withLock { leases in
            leases.values.filter { $0.worker == worker }.map(\.attempt).sorted()
        }
    }

    /// What a worker has accepted, without the attempts it still knows of.
    func accepted(by worker: String, but kept: Set<AttemptID>) -> [Lease] {
        leases.withLock { leases in
            leases.values.filter { lease in
                lease.worker == worker && lease.isAccepted && !kept.contains(lease.attempt)
            }
            .sorted { $0.attempt < $1.attempt }
        }
    }

    /// Those whose time is over, and why.
    func overdue(at now: ContinuousClock.Instant) -> [(lease: Lease, reason: String)] {
        leases.withLock { leases in
            leases.values.compactMap { lease in
                if let end = lease.cancelDeadline, end <= now {
                    return (lease, "worker \(lease.worker) did not confirm the cancel in time")
                }
                guard lease.deadline <= now else { return nil }
                return lease.isAccepted
                    ? (lease, "worker \(lease.worker) was silent past its lease")
                    : (lease, "worker \(lease.worker) did not accept it in time")
            }
            .sorted { $0.lease.attempt < $1.lease.attempt }
        }
    }
}
