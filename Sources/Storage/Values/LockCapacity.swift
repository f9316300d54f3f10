package import Core

/// How much there is of a lock, as somebody set it.
package struct LockCapacity: Sendable, Equatable {
    package var lock: LockName
    /// Nil: of every worker, or of the master's one.
    package var worker: String?
    package var capacity: Int

    package init(lock: LockName, worker: String? = nil, capacity: Int) {
        self.lock = lock
        self.worker = worker
        self.capacity = capacity
    }
}
