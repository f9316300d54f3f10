package import Core

package import struct Foundation.Date

/// The verbs about who runs next, and what people decide about it.
package protocol QueueingVerbs {
    /// Every capacity that was set, by name of the lock.
    func lockCapacities() throws -> [LockCapacity]
    /// Sets how much there is of a lock; who holds more than that keeps it until it ends.
    func setCapacity(_ setting: LockCapacity) throws
    /// Back to the usual one; false when nothing was set.
    func forgetCapacity(of lock: LockName, on worker: String?) throws -> Bool
    /// The capacities, and who holds what.
    func lockBook() throws -> LockBook
    /// Every queue in which a job waits for a worker, by labels.
    func queues() throws -> [QueueLength]
    /// Jobs that wait for something else than a worker.
    func blockedCount() throws -> Int
    func runningCount() throws -> Int
    /// The queues whose jobs do not start, by the labels these need.
    func pausedQueues() throws -> [PausedQueue]
    /// Starts no job any more that needs exactly these labels.
    func pauseQueue(_ labels: [String], _ pause: QueuePause, at now: Date) throws
    /// False when it was not paused.
    func resumeQueue(_ labels: [String]) throws -> Bool
}
