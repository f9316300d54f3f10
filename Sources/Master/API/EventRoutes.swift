import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/api/v1/events`: everything that changes, as server-sent events.
struct EventRoutes: Sendable {
    let events: EventHub

    /// Between two signs of life on a quiet line, against impatient proxies.
    private static let quiet = Duration.seconds(15)

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/events", needs: .read) { request, _ in
            let last = request.headers[.lastEventID] ?? request.query("since")
            guard let stream = events.listen(since: last.flatMap { Int64($0) }) else {
                throw RequestProblem(
                    .serviceUnavailable,
                    "\(EventHub.listenersMax) listen already: try again later.",
                    headers: [.retryAfter: "30"]
                )
            }
            let body = ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                for await event in merged(stream, heartbeat: Self.quiet) {
                    try await writer.write(ByteBuffer(string: event.map(frame) ?? ": quiet\n\n"))
                }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: eventStreamHeaders, body: body)
        }
    }

    private func frame(_ event: LiveEvent) -> String {
        "id: \(event.id)\nevent: \(event.name)\ndata: \(event.data)\n\n"
    }
}

/// The stream's elements, and nil whenever none came for the length of the heartbeat.
///
/// It ends with the stream. An iterator may be used by one task only, so a pump moves the
/// elements into a second stream that the heartbeat writes to as well.
func merged<Element: Sendable>(
    _ stream: AsyncStream<Element>,
    heartbeat: Duration
) -> AsyncStream<Element?> {
    let (output, continuation) = AsyncStream.makeStream(
        of: Element?.self,
        bufferingPolicy: .bufferingNewest(256)
    )
    // Unstructured: it must outlive this call, and ends with the reader or the stream.
    let pump = Task {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await element in stream { continuation.yield(element) }
            }
            group.addTask {
                while (try? await Task.sleep(for: heartbeat)) != nil { continuation.yield(nil) }
            }
            await group.next()
            group.cancelAll()
        }
        continuation.finish()
    }
    continuation.onTermination = { _ in pump.cancel() }
    return output
}
