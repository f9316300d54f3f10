import Foundation

/// The right to use a database, which one process at a time has.
///
/// A file of its own beside the database: closing any descriptor of the database itself would
/// drop the locks SQLite holds. The system gives it up when the process dies, however it does.
struct FileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// - Throws: ``StorageError`` of code `busy` when another process has it.
    init(for database: String) throws {
        let path = database + ".lock"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StorageError(
                .other,
                "The lock \(path) cannot be made (\(reason)): is its folder there and writable?"
            )
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            Foundation.close(opened)
            throw StorageError(
                .busy,
                "Another Slipway uses \(database): stop it, or choose another data folder."
            )
        }
        // Not sooner: a throw after it would run `deinit` and close it a second time, when the
        // number may be another thread's.
        descriptor = opened
    }

    deinit {
        // A program that is just being started has a copy of the descriptor until it runs, and
        // closing ours would leave the lock with it.
        flock(descriptor, LOCK_UN)
        Foundation.close(descriptor)
    }
}
