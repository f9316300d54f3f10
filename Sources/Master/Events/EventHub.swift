import Foundation
import Synchronization

/// One thing that changed, as `/api/v1/events` tells it.
struct LiveEvent: Sendable {
    /// Grows over restarts too.
    var id: Int64
    /// The resource's name: `build`, `job`, `queue`, `worker`, `repository`, `channel`, `node`.
    var name: String
    /// One line of JSON.
    var data: String
}

/// Tells everyone who listens what changed.
///
/// It holds the present, not history: the newest thousand events are kept for those who
/// reconnect, and whoever was away longer is told to look anew. The truth is in the database.
final class EventHub: Sendable {
    private struct State {
        var nextID: Int64
        var recent: [LiveEvent] = []
        var listeners: [UUID: AsyncStream<LiveEvent>.Continuation] = [:]
    }

    static let recentMax = 1_000
    static let listenersMax = 2_000

    private let state: Mutex<State>

    /// Starts at a number that no earlier run of the master reached.
    init(startedAt now: Date) {
        state = Mutex(State(nextID: Int64(now.timeIntervalSince1970 * 1_000) << 16))
    }

    /// Tells all listeners.
    func publish(_ name: String, _ fields: [(String, EventField)]) {
        state.withLock { state in
            let pairs = fields.map { "\"\($0.0)\":\($0.1.json)" }.joined(separator: ",")
            let event = LiveEvent(id: state.nextID, name: name, data: "{\(pairs)}")
            state.nextID += 1
            if state.recent.count >= Self.recentMax { state.recent.removeFirst(Self.recentMax / 4) }
            state.recent.append(event)
            for listener in state.listeners.values { listener.yield(event) }
        }
    }

    /// Events from now on, after those since `last` that are still known.
    ///
    /// When `last` is older than what is kept, the first event is `reset`. Nil when too many
    /// listen already.
    func listen(since last: Int64?) -> AsyncStream<LiveEvent>? {
        state.withLock { state in
            guard state.listeners.count < Self.listenersMax else { return nil }
            let (stream, continuation) = AsyncStream.makeStream(
                of: LiveEvent.self,
                bufferingPolicy: .bufferingNewest(256)
            )
            if let last {
                if last < (state.recent.first?.id ?? state.nextID) - 1 {
                    continuation.yield(
                        LiveEvent(id: state.nextID - 1, name: "reset", data: "{}")
                    )
                }
                for event in state.recent where event.id > last { continuation.yield(event) }
            }
            let id = UUID()
            state.listeners[id] = continuation
            continuation.onTermination = { [weak self] _ in self?.forget(id) }
            return stream
        }
    }

    /// Ends every stream, so that open pages do not hold up a shutdown.
    func close() {
        let listeners = state.withLock { state in
            let all = Array(state.listeners.values)
            state.listeners = [:]
            return all
        }
        for listener in listeners { listener.finish() }
    }

    private func forget(_ id: UUID) {
        _ = state.withLock { $0.listeners.removeValue(forKey: id) }
    }
}

/// A value in an event: only what needs no quoting beyond JSON's own.
enum EventField: Sendable {
    case number(Int64)
    case text(String)

    fileprivate var json: String {
        switch self {
        case .number(let value): String(value)
        case .text(let value): Self.quoted(value)
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20: quoted += " "
            case _: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
