import Core
import Foundation
import Storage

/// What the world is told when an attempt has ended.
struct AttemptEnds: Sendable {
    let leases: LeaseTable
    let logs: LogStore
    let events: EventHub
    let wakeUp: WakeUp
    let nudge: Nudge

    /// Ends lease and log followers, tells pages, wakes the dispatcher.
    ///
    /// With `isDispatched` the dispatcher has looked already, in the transaction of the end.
    func announce(_ lease: LeaseTable.Lease, _ end: JobEnd?, isDispatched: Bool = false) {
        announce(lease.attempt, of: lease.job, in: lease.build, end)
        if !isDispatched { wakeUp.ring() }
    }

    /// The same, for an attempt that no worker has heard of.
    func announce(_ attempt: Attempt, of build: BuildID, _ end: JobEnd?) {
        announce(attempt.id, of: attempt.job, in: build, end)
        wakeUp.ring()
    }

    private func announce(_ attempt: AttemptID, of job: JobID, in build: BuildID, _ end: JobEnd?) {
        leases.end(attempt)
        logs.end(attempt)
        for stopped in end?.stopped ?? [] { leases.cancel(stopped, at: .now) }
        tellJob(job, of: build)
        if let result = end?.buildResult {
            events.publish(
                "build",
                [("build", .number(build.rawValue)), ("result", .text(result.rawValue))]
            )
            nudge.set()
        }
    }

    /// Tells pages that a job looks different now.
    func tellJob(_ job: JobID, of build: BuildID) {
        events.publish(
            "job",
            [("job", .number(job.rawValue)), ("build", .number(build.rawValue))]
        )
    }
}
