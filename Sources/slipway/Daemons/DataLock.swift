import ArgumentParser
import Foundation
import Glibc

/// Keeps a second master away from a data folder, for as long as the process lives.
///
/// The system lets go of the lock when the process ends, however it ends.
struct DataLock: ~Copyable {
    private let descriptor: Int32

    init(_ folder: String) throws {
        descriptor = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ValidationError(
                "\(folder) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ValidationError("another Slipway runs with \(folder): stop it, or give --data")
        }
    }

    deinit { close(descriptor) }
}
