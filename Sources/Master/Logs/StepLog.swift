import Crypto
import Foundation
import Glibc
import Synchronization

/// One step's log: an append-only file that is written by offset and read while it grows.
final class StepLog: Sendable {
    private struct State {
        var length: Int
        /// Of everything up to `length`; nil after a restart, until it is asked for.
        var hash: SHA256?
        var isEnded = false
        var followers: [UUID: AsyncStream<Void>.Continuation] = [:]
    }

    private let descriptor: Int32
    private let state: Mutex<State>

    /// Opens or creates the file.
    init(path: String) throws(LogError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw LogError.system(errno, path) }
        let length = Int(lseek(descriptor, 0, SEEK_END))
        state = Mutex(State(length: length, hash: length == 0 ? SHA256() : nil))
    }

    deinit { close(descriptor) }

    /// Bytes so far.
    var length: Int { state.withLock { $0.length } }

    /// Writes bytes at an offset; what is there already is skipped, a gap is refused.
    func append(_ bytes: some ContiguousBytes & Sendable, at offset: Int) throws(LogError) -> Int {
        let outcome: Result<Int, LogError> = state.withLock { state in
            guard offset <= state.length else { return .failure(.gap(expected: state.length)) }
            return bytes.withUnsafeBytes { buffer in
                let known = min(state.length - offset, buffer.count)
                let fresh = UnsafeRawBufferPointer(rebasing: buffer[known...])
                if let problem = write(fresh, at: state.length) { return .failure(problem) }
                state.hash?.update(bufferPointer: fresh)
                state.length += fresh.count
                for follower in state.followers.values { follower.yield() }
                return .success(state.length)
            }
        }
        return try outcome.get()
    }

    private func write(_ buffer: UnsafeRawBufferPointer, at offset: Int) -> LogError? {
        var done = 0
        while done < buffer.count {
            let written = pwrite(
                descriptor,
                buffer.baseAddress?.advanced(by: done),
                buffer.count - done,
                off_t(offset + done)
            )
            if written < 0 {
                if errno == EINTR { continue }
                return .system(errno, "log")
            }
            done += written
        }
        return nil
    }

    /// Up to `count` bytes from an offset; empty at the end.
    func read(from offset: Int, count: Int) throws(LogError) -> [UInt8] {
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            if got < 0 { problem = errno }
            filled = max(got, 0)
        }
        if problem != 0 { throw .system(problem, "log") }
        return bytes
    }

    /// Puts the bytes on disk and says what they are: lower-case hexadecimal SHA-256.
    func seal() throws(LogError) -> String {
        guard fsync(descriptor) == 0 else { throw .system(errno, "log") }
        if let hash = state.withLock({ $0.hash }) { return hex(hash.finalize()) }
        var hash = SHA256()
        var offset = 0
        let end = length
        while offset < end {
            let piece = try read(from: offset, count: min(1 << 20, end - offset))
            if piece.isEmpty { break }
            hash.update(data: piece)
            offset += piece.count
        }
        let whole = hash
        state.withLock { state in
            if state.length == offset { state.hash = whole }
        }
        return hex(whole.finalize())
    }

    private func hex(_ digest: SHA256.Digest) -> String {
        digest.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    /// Tells followers that no more will come.
    func end() {
        state.withLock { state in
            state.isEnded = true
            for follower in state.followers.values { follower.yield() }
        }
    }

    /// Whether ``end()`` was called in this process.
    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// A wake-up for each growth and the end; the first comes at once.
    func follow() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = UUID()
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.followers.removeValue(forKey: id) }
        }
        state.withLock { $0.followers[id] = continuation }
        continuation.yield()
        return stream
    }
}

/// Why a log could not be written or read.
enum LogError: Error, Equatable {
    /// Bytes are missing before those offered.
    case gap(expected: Int)
    /// The system's error number, and on what.
    case system(Int32, String)
    case tooLong(max: Int)
    case noSuchLog
}

extension LogError: CustomStringConvertible {
    var description: String {
        switch self {
        case .gap(let expected): "bytes are missing: go on from offset \(expected)"
        case .system(ENOSPC, _): "the disk that holds the logs is full"
        case .system(let number, let what): "\(what): \(String(cString: strerror(number)))"
        case .tooLong(let max): "a log may have \(max) bytes"
        case .noSuchLog: "there is no such log"
        }
    }
}
