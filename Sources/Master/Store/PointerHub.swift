import CodeStore
import Foundation
import Synchronization

/// Wakes everyone who waits for a channel to move: long polls and event streams.
///
/// It passes wake-ups, not states: whoever wakes reads where the channel points now, so a lost
/// or doubled wake-up harms nothing.
final class PointerHub: Sendable {
    static let listenersMax = 20_000

    private struct Listener {
        var keys: Set<ChannelKey>
        var continuation: AsyncStream<Void>.Continuation
    }

    private let listeners = Mutex<[UUID: Listener]>([:])
    private let observation = Mutex<PointerObservation?>(nil)
    private let store: CodeStoreDatabase

    init(store: CodeStoreDatabase, events: EventHub) {
        self.store = store
        let new = store.observePointers { [weak self] pointer in
            self?.wake(ChannelKey(unit: pointer.unit, channel: pointer.channel))
            events.publish(
                "channel",
                [
                    ("unit", .text(pointer.unit)), ("channel", .text(pointer.channel)),
                    ("rev", .number(pointer.rev)), ("version", .text(pointer.version)),
                ]
            )
        }
        observation.withLock { $0 = new }
    }

    /// A wake-up at once and after each move; nil when too many listen already.
    func listen(to keys: [ChannelKey]) -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id = UUID()
        let isIn = listeners.withLock { listeners in
            guard listeners.count < Self.listenersMax else { return false }
            listeners[id] = Listener(keys: Set(keys), continuation: continuation)
            return true
        }
        guard isIn else { return nil }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.removeValue(forKey: id) }
        }
        continuation.yield()
        return stream
    }

    /// Waits until the channel stands beyond a revision, or the time is over.
    func newer(than rev: Int64, _ key: ChannelKey, within limit: Duration) async -> Bool {
        guard let stream = listen(to: [key]) else { return false }
        let store = store
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in stream
                where store.pointer(unit: key.unit, channel: key.channel).map({ $0.rev > rev })
                    == true
                {
                    return true
                }
                return false
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            let isNewer = await group.next() ?? false
            group.cancelAll()
            return isNewer
        }
    }

    /// Ends every stream, for a shutdown.
    func close() {
        let all = listeners.withLock { listeners in
            defer { listeners = [:] }
            return Array(listeners.values)
        }
        for listener in all { listener.continuation.finish() }
    }

    private func wake(_ key: ChannelKey) {
        listeners.withLock { listeners in
            for listener in listeners.values where listener.keys.contains(key) {
                listener.continuation.yield()
            }
        }
    }
}
