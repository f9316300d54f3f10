import Core
import Foundation
import Storage

/// What the world is told when an attempt has ended.
struct AttemptEnds: Sendable {
    let leases: LeaseTable
    let logs: LogStore
    let events: EventHub
    let wakeUp: WakeUp

    /// Ends lease and log followers, tells pages, wakes the dispatcher.
    func announce(_ lease: LeaseTable.Lease, _ end: JobEnd?) {
        leases.end(lease.attempt)
        logs.end(lease.attempt)
        tellJob(lease.job, of: lease.build)
        if let result = end?.buildResult {
            events.publish(
                "build",
                [("build", .number(lease.build.rawValue)), ("result", .text(result.rawValue))]
            )
        }
        wakeUp.ring()
    }

    /// Tells pages that a job looks different now.
    func tellJob(_ job: JobID, of build: BuildID) {
        events.publish(
            "job",
            [("job", .number(job.rawValue)), ("build", .number(build.rawValue))]
        )
    }
}
