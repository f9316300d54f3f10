import Foundation
import HTTPTypes
import NIOCore
import Synchronization

/// What the bodies of deliveries may take while nobody knows yet who sent them.
///
/// A signature is over the whole body, so strangers too are listened to until its end. What they
/// hold in memory has a bound over all connections, and so has their time. The last part of the
/// room is for small bodies, which is what forges mostly send.
final class HookBodies: Sendable {
    struct Limits: Sendable {
        /// Bytes of one body.
        var body = 10 << 20
        /// Bytes of all bodies together.
        var all = 64 << 20
        /// Bytes of them that are left to small bodies.
        var spare = 16 << 20
        /// Bytes up to which a body is small.
        var small = 256 << 10
        /// From its first byte to its last.
        var time = Duration.seconds(30)
    }

    private let limits: Limits
    private let taken = Mutex(0)

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Bytes held now.
    var inFlight: Int { taken.withLock(\.self) }

    /// Reads a body and has it checked; from then on it is its sender's and no longer counted.
    ///
    /// - Parameters:
    ///   - body: As it arrives.
    ///   - length: How long it says it is; nil: it does not.
    ///   - check: Throws when the body is not proved.
    /// - Returns: The whole body.
    /// - Throws: What `check` throws, or ``RequestProblem`` where a bound is reached.
    func proved(
        _ body: some AsyncSequence<ByteBuffer, any Error> & Sendable,
        length: Int?,
        by check: @escaping @Sendable (Data) throws -> Void
    ) async throws -> Data {
        // Who says so beforehand is refused before anything was sent in vain.
        if let length, length > limits.body { throw tooLong }
        if let length, inFlight + length > room(for: length) { throw crowded }
        return try await withThrowingTaskGroup(of: Data.self) { group in
            group.addTask { try await self.read(body, check) }
            group.addTask {
                try await Task.sleep(for: self.limits.time)
                throw RequestProblem(
                    .requestTimeout,
                    "The delivery did not end within \(self.limits.time): send it again."
                )
            }
            defer { group.cancelAll() }
            guard let data = try await group.next() else { throw CancellationError() }
            return data
        }
    }

    private func read(
        _ body: some AsyncSequence<ByteBuffer, any Error>,
        _ check: (Data) throws -> Void
    ) async throws -> Data {
        var data = Data()
        defer { taken.withLock { $0 -= data.count } }
        for try await piece in body {
            let length = data.count + piece.readableBytes
            if length > limits.body { throw tooLong }
            try take(piece.readableBytes, of: length)
            data.append(contentsOf: piece.readableBytesView)
        }
        try check(data)
        return data
    }

    private func take(_ bytes: Int, of length: Int) throws {
        let isTaken = taken.withLock { taken in
            guard taken + bytes <= room(for: length) else { return false }
            taken += bytes
            return true
        }
        if !isTaken { throw crowded }
    }

    private func room(for length: Int) -> Int {
        length <= limits.small ? limits.all : limits.all - limits.spare
    }

    private var tooLong: RequestProblem {
        RequestProblem(.contentTooLarge, "The body may have \(limits.body) bytes.")
    }

    private var crowded: RequestProblem {
        RequestProblem(
            .serviceUnavailable,
            "Too many deliveries that are not proved yet are being sent: send it again in a few "
                + "seconds. What it tells is not lost, since repositories are also looked at "
                + "without it.",
            headers: [.retryAfter: "5"]
        )
    }
}
