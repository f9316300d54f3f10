import Foundation
import Glibc
import Logging
import NIOCore
import Wire

/// Sends one step's log to the master while it grows, from its spool file, by offset.
///
/// The spool file keeps every byte until the master has confirmed the end, so a master that is
/// away only delays it.
struct LogUploader: Sendable {
    let client: MasterClient
    let attempt: AttemptReference
    let step: Int
    /// Opens the spool file, or nil while there is none.
    let open: @Sendable () -> LogSource?

    /// Sends everything there is, until `end` bytes are there or the growth stream ends.
    func run(_ growth: AsyncStream<Void>) async throws {
        var source: LogSource?
        var offset: Int?
        for await _ in growth {
            source = source ?? open()
            guard let source else { continue }
            offset = try await send(source, from: offset)
        }
        guard let source = source ?? open() else { return }
        _ = try await send(source, from: offset)
    }

    private func send(_ source: LogSource, from start: Int?) async throws -> Int {
        var backoff = Backoff()
        // After a restart of the worker only the master knows how far the log got.
        var offset = start
        while true {
            do {
                let from = try await known(offset)
                offset = from
                let bytes = source.read(from: from, count: WorkerProtocol.logChunkMax)
                if bytes.readableBytes == 0 { return from }
                offset = try await client.uploadLog(bytes, at: from, of: attempt, step: step)
                backoff.reset()
            } catch WorkerError.logGap(let expected) {
                offset = expected
            } catch WorkerError.masterAway {
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func known(_ offset: Int?) async throws -> Int {
        if let offset { return offset }
        return try await client.uploadLog(ByteBuffer(), at: 0, of: attempt, step: step)
    }
}

/// Where a log's bytes are read from.
struct LogSource: Sendable {
    private let pieces: @Sendable (Int, Int) -> ByteBuffer

    init(_ pieces: @escaping @Sendable (_ offset: Int, _ count: Int) -> ByteBuffer) {
        self.pieces = pieces
    }

    func read(from offset: Int, count: Int) -> ByteBuffer { pieces(offset, count) }
}
