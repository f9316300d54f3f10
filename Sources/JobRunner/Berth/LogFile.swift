import Crypto
import Glibc

/// A step's log on disk, read by offset while a container may be writing it.
///
/// It stays open: a step that removes or replaces its output file hides nothing.
package final class LogFile: Sendable {
    private let file: Descriptor

    /// Opens the file and makes sure that it is still the one the step was given.
    init(path: String, inode: UInt64?) throws(JobRunnerError) {
        do throws(JobRunnerError) {
            file = try Descriptor.open(path, O_RDONLY)
        } catch {
            throw Self.tampered(path)
        }
        let status = try file.status()
        guard status.kind == .file, status.links == 1, (inode ?? status.inode) == status.inode
        else { throw Self.tampered(path) }
    }

    private static func tampered(_ path: String) -> JobRunnerError {
        JobRunnerError(
            code: .damaged,
            message: "the step replaced or removed its own output file in /run/ci (\(path))"
        )
    }

    /// Up to `count` bytes from `offset` on; fewer only at the end, which may still move.
    package func read(at offset: Int, count: Int) throws(JobRunnerError) -> [UInt8] {
        try file.read(at: offset, count: count)
    }

    /// Bytes written so far, even those a finished step's leftover processes still add.
    package func length() throws(JobRunnerError) -> Int { try file.status().size }
}

/// Follows a log while it grows, and keeps the digest of all it has seen.
struct LogTail {
    private let log: LogFile
    private let limit: Int
    private var hash = SHA256()
    private(set) var length = 0
    private(set) var isOverLimit = false

    /// Bytes hashed before others get their turn.
    private static let strideMax = 8 << 20

    init(_ log: LogFile, limit: Int) {
        self.log = log
        self.limit = limit
    }

    /// Takes what has been written since; true when there is more at once.
    mutating func advance() throws(JobRunnerError) -> Bool {
        let size = try log.length()
        isOverLimit = size > limit
        let end = min(size, limit, length + Self.strideMax)
        while length < end {
            let bytes = try log.read(at: length, count: min(1 << 20, end - length))
            guard !bytes.isEmpty else { break }
            hash.update(data: bytes)
            length += bytes.count
        }
        guard size >= length else {
            throw JobRunnerError(
                code: .damaged,
                message: "the step cut its own output file in /run/ci"
            )
        }
        return length < min(size, limit)
    }

    /// Lower-case hexadecimal SHA-256 of all it has seen.
    var digest: String { hexadecimal(hash.finalize()) }
}
