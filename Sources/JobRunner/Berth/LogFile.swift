import Crypto
import Glibc
import Synchronization

/// A step's log on disk, read by offset while a container may be writing it.
///
/// It stays open: a step that removes or replaces its output file hides nothing. Once the step has
/// ended it ends too, whatever processes left behind still write. Secrets in it are hidden, each
/// byte by another, so that every byte keeps its place.
package final class LogFile: Sendable {
    private let file: Descriptor
    private let limit: Int
    private let end: Mutex<Int?>
    private let masks: Masks

    /// Opens the file and makes sure that it is still the one the step was given.
    init(
        path: String,
        inode: UInt64?,
        end: Int?,
        limit: Int,
        masks: Masks = .none
    ) throws(JobRunnerError) {
        self.masks = masks
        do throws(JobRunnerError) {
            file = try Descriptor.open(path, O_RDONLY)
        } catch {
            throw Self.tampered(path)
        }
        self.limit = limit
        self.end = Mutex(end)
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
        let end = try length()
        guard offset < end else { return [] }
        let count = min(count, end - offset)
        if masks.isEmpty { return try file.read(at: offset, count: count) }
        let start = max(0, offset - masks.reach)
        var bytes = try file.read(at: start, count: offset - start + count + masks.reach)
        masks.hide(in: &bytes)
        return Array(bytes.dropFirst(offset - start).prefix(count))
    }

    /// Bytes that belong to the log so far; what may be the beginning of a secret waits.
    package func length() throws(JobRunnerError) -> Int {
        if let end = end.withLock({ $0 }) { return end }
        let size = try whole()
        if masks.isEmpty { return size }
        let count = min(size, masks.reach)
        return size - masks.openEnd(of: try file.read(at: size - count, count: count))
    }

    private func whole() throws(JobRunnerError) -> Int { min(try file.status().size, limit) }

    /// Whether the step wrote more than it may.
    func isOverLimit() throws(JobRunnerError) -> Bool { try file.status().size > limit }

    /// Lets the log end where it ends now.
    func seal() throws(JobRunnerError) {
        let length = try whole()
        end.withLock { $0 = $0 ?? length }
    }
}

/// Follows a log while it grows, and keeps the digest of all it has seen.
struct LogTail {
    let log: LogFile
    private var hash = SHA256()
    private(set) var length = 0

    /// Bytes hashed before others get their turn.
    private static let strideMax = 8 << 20

    init(_ log: LogFile) {
        self.log = log
    }

    /// Takes what has been written since; true when there is more at once.
    mutating func advance() throws(JobRunnerError) -> Bool {
        let size = try log.length()
        let end = min(size, length + Self.strideMax)
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
        return length < size
    }

    /// Lower-case hexadecimal SHA-256 of all it has seen.
    var digest: String { hexadecimal(hash.finalize()) }
}
