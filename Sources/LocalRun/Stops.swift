import JobRunner
import Synchronization

/// What runs now, and whether somebody has asked it to end.
final class Stops: Sendable {
    private struct State {
        var count = 0
        var berths: [String: Berth] = [:]
    }

    private let state = Mutex(State())

    var isStopped: Bool { state.withLock { $0.count > 0 } }
    /// Asked twice.
    var isHasty: Bool { state.withLock { $0.count > 1 } }

    /// Notes the wish and gives what is to be told of it.
    func stop() -> [Berth] {
        state.withLock { state in
            state.count += 1
            return Array(state.berths.values)
        }
    }

    func add(_ berth: Berth) { state.withLock { $0.berths[berth.id] = berth } }

    func remove(_ berth: Berth) { state.withLock { $0.berths[berth.id] = nil } }
}
