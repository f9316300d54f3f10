import Synchronization

/// Says that something changed, to one who looks now and then; several before it looks are one.
final class Nudge: Sendable {
    private let isSet = Mutex(true)

    func set() {
        isSet.withLock { $0 = true }
    }

    /// Whether something changed since the last look.
    func take() -> Bool {
        isSet.withLock { isSet in
            defer { isSet = false }
            return isSet
        }
    }
}
