import ArgumentParser
import Foundation
import Glibc

/// Keeps a second master away from a data folder, for as long as the process lives.
///
/// The system lets go of the lock when the process ends, however it ends.
struct DataLock: ~Copyable {
    private let descriptor: Int32

    init(_ folder: String) throws {
        let opened = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw ValidationError(
                "\(folder) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
        guard Self.take(opened) else {
            close(opened)
            throw ValidationError("another Slipway runs with \(folder): stop it, or give --data")
        }
        // Not sooner: a throw after it would run `deinit` and close it a second time, when the
        // number may be another thread's.
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Of a process that was just killed, a program it was starting may hold the lock until it
    /// runs: a moment, for which it is worth waiting.
    private static func take(_ descriptor: Int32) -> Bool {
        for _ in 0..<tries {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(50_000)
        }
        return false
    }

    /// A second in all.
    private static let tries = 20
}
