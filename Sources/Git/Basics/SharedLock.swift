import Glibc

/// A lock that many may share, or one may have alone; for threads that may block.
final class SharedLock: Sendable {
    // The C lock must not move, so it lives on the heap for as long as this object.
    private nonisolated(unsafe) let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_rwlock_t())
        pthread_rwlock_init(lock, nil)
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    func shared<Answer, Failure: Error>(
        _ body: () throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    /// Runs the body if nobody else is here right now; false when somebody is.
    func aloneIfFree<Failure: Error>(
        _ body: () throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard pthread_rwlock_trywrlock(lock) == 0 else { return false }
        defer { pthread_rwlock_unlock(lock) }
        try body()
        return true
    }
}
