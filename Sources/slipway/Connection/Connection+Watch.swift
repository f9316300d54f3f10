import AsyncHTTPClient
import NIOCore

/// Waiting for something to become true on the server.
extension Connection {
    /// Looks now, after each event of the server, and every two seconds, until there is a value.
    ///
    /// The events are only wake-ups: one that is lost costs two seconds and nothing else. A
    /// server that is away, as during a restart, is waited for.
    func watch<Value: Sendable>(until look: () async throws -> Value?) async throws -> Value {
        let (wakeups, waker) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await tick(waker) }
            group.addTask { await listen(waker) }
            waker.yield()
            var patience = Patience()
            for await _ in wakeups {
                do {
                    if let value = try await look() { return value }
                    patience.renew()
                } catch let error as CommandError where error.status == .exception {
                    try patience.endure(error)
                }
                // A busy server has many events; nobody reads faster than this.
                try await Task.sleep(for: .milliseconds(100))
            }
            throw CancellationError()
        }
    }

    private func tick(_ waker: AsyncStream<Void>.Continuation) async {
        while (try? await Task.sleep(for: .seconds(2))) != nil { waker.yield() }
    }

    private func listen(_ waker: AsyncStream<Void>.Continuation) async {
        while !Task.isCancelled {
            if let path = try? APIPath("api/v1/events"),
                let response = try? await stream(path, headers: [("Accept", "text/event-stream")])
            {
                await wake(waker, by: response)
            }
            // Without events the tick goes on; the connection is tried again by and by.
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
        }
    }

    private func wake(
        _ waker: AsyncStream<Void>.Continuation,
        by response: HTTPClientResponse
    ) async {
        var pieces = response.body.makeAsyncIterator()
        while (try? await pieces.next()) != nil { waker.yield() }
    }
}

/// How long a server may be away before waiting for it makes no sense.
struct Patience {
    private static let limit = Duration.seconds(120)

    private var awaySince: ContinuousClock.Instant?

    mutating func renew() { awaySince = nil }

    /// Takes note that the server is away, or throws when that has lasted too long.
    mutating func endure(_ error: CommandError, now: ContinuousClock.Instant = .now) throws {
        guard let since = awaySince else {
            Output.standard.note("slipway: \(error.message); still trying")
            awaySince = now
            return
        }
        if now - since > Self.limit { throw error }
    }
}
