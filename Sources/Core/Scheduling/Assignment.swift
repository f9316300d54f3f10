/// A job given to a worker.
package struct Assignment: Equatable, Sendable {
    package var job: JobID
    package var worker: String

    package init(job: JobID, worker: String) {
        self.job = job
        self.worker = worker
    }
}

/// What the dispatcher decides by, beside the workers.
package struct QueueSnapshot: Equatable, Sendable {
    package var lanes: [Lane]
    /// How many jobs of each repository run; none where there is no entry.
    package var running: [RepositoryID: Int]
    package var locks: LockBook

    package init(
        lanes: [Lane],
        running: [RepositoryID: Int] = [:],
        locks: LockBook = LockBook()
    ) {
        self.lanes = lanes
        self.running = running
        self.locks = locks
    }
}

/// What the dispatcher decided: who runs what, and why the rest waits.
package struct Dispatch: Equatable, Sendable {
    package var assignments: [Assignment]
    /// By lane, as the snapshot counts them: of each in which a job stays.
    package var reasons: [Int: WaitingReason]
    /// Lanes of which every job shown was given out while others wait behind them: the same
    /// question with more of them may give out more.
    package var dryLanes: [Int]
}

/// Decides which waiting jobs start now, and on which worker.
///
/// The repository with the fewest running jobs goes first, so that a flood in one does not hold
/// up another; then the job first in line, ties by id. A job takes all its locks at once or none,
/// and whoever comes first in line for a lock is never overtaken so that it has to wait longer.
/// Among the workers that could take a job, one that ran its repository and image lately does,
/// else the one with the most free slots, ties by name.
package func assign(_ queue: QueueSnapshot, to workers: [WorkerSnapshot]) -> Dispatch {
    var round = DispatchRound(queue, workers)
    return round.run()
}
