import Synchronization

/// All pointers in memory, for the path that is asked most, and those who want to hear of changes.
///
/// Only the writing connection's thread changes it, after each commit, so it is never behind the
/// database for longer than that takes, and observers hear of changes in the order of the log.
final class PointerBoard: Sendable {
    /// A channel as the board knows it.
    struct Entry: Sendable {
        var key: ChannelKey
        /// Nil: the channel has no release yet.
        var pointer: ChannelPointer?
    }

    private struct State {
        var pointers: [ChannelKey: ChannelPointer?] = [:]
        var observers: [Int: @Sendable (ChannelPointer) -> Void] = [:]
        var observersEver = 0
    }

    private let state = Mutex(State())

    func load(_ entries: [Entry]) {
        state.withLock { state in
            for entry in entries { state.pointers[entry.key] = .some(entry.pointer) }
        }
    }

    func pointer(_ key: ChannelKey) -> ChannelPointer? {
        state.withLock { $0.pointers[key] ?? nil }
    }

    func contains(_ key: ChannelKey) -> Bool {
        state.withLock { $0.pointers[key] != nil }
    }

    /// Takes in what a transaction changed, and tells the observers.
    func change(_ entries: [Entry]) {
        let (changed, observers) = state.withLock { state in
            let changed = entries.filter { state.pointers[$0.key] != .some($0.pointer) }
            for entry in changed { state.pointers[entry.key] = .some(entry.pointer) }
            return (changed, Array(state.observers.values))
        }
        for pointer in changed.compactMap(\.pointer) {
            for observer in observers { observer(pointer) }
        }
    }

    func add(_ observer: @escaping @Sendable (ChannelPointer) -> Void) -> Int {
        state.withLock { state in
            state.observersEver += 1
            state.observers[state.observersEver] = observer
            return state.observersEver
        }
    }

    func removeObserver(_ number: Int) {
        state.withLock { $0.observers[number] = nil }
    }
}

/// Hears of changed pointers until it is cancelled or dropped.
package final class PointerObservation: Sendable {
    private let board: PointerBoard
    private let number: Int

    init(_ board: PointerBoard, _ observer: @escaping @Sendable (ChannelPointer) -> Void) {
        self.board = board
        number = board.add(observer)
    }

    package func cancel() {
        board.removeObserver(number)
    }

    deinit { cancel() }
}

extension CodeStoreDatabase {
    /// Where a channel points, from memory; nil: there is no such channel, or no release in it.
    package func pointer(unit: String, channel: String) -> ChannelPointer? {
        board.pointer(ChannelKey(unit: unit, channel: channel))
    }

    /// Whether there is such a channel, with a release or without.
    package func hasChannel(unit: String, channel: String) -> Bool {
        board.contains(ChannelKey(unit: unit, channel: channel))
    }

    /// Calls the observer with the new pointer after each change, in the order of the log.
    ///
    /// The call comes on the writer's thread, which writes nothing meanwhile: hand over and return.
    /// To miss nothing, observe first and read ``pointer(unit:channel:)`` then.
    package func observePointers(
        _ observer: @escaping @Sendable (ChannelPointer) -> Void
    ) -> PointerObservation {
        PointerObservation(board, observer)
    }
}
