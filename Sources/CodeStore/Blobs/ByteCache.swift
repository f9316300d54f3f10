import Core
import Synchronization

/// What many ask for at once, kept in memory up to a number of bytes; the longest unused goes
/// first.
final class ByteCache: Sendable {
    /// Something immutable, so that it is never stale.
    enum Key: Hashable, Sendable {
        case manifest(ContentDigest)
        case bundle(to: ContentDigest, from: ContentDigest?)
    }

    private struct Entry {
        var bytes: [UInt8]
        var usedAt: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var byteCount = 0
        var uses = 0
    }

    private let byteLimit: Int
    private let state = Mutex(State())

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    subscript(key: Key) -> [UInt8]? {
        state.withLock { state in
            state.uses += 1
            state.entries[key]?.usedAt = state.uses
            return state.entries[key]?.bytes
        }
    }

    /// Keeps the bytes, unless they alone would fill a quarter of the cache.
    func keep(_ bytes: [UInt8], as key: Key) {
        guard bytes.count <= byteLimit / 4 else { return }
        state.withLock { state in
            guard state.entries[key] == nil else { return }
            state.uses += 1
            state.entries[key] = Entry(bytes: bytes, usedAt: state.uses)
            state.byteCount += bytes.count
            while state.byteCount > byteLimit,
                let oldest = state.entries.min(by: { $0.value.usedAt < $1.value.usedAt })
            {
                state.entries[oldest.key] = nil
                state.byteCount -= oldest.value.bytes.count
            }
        }
    }
}
