import Core
import Foundation
import Synchronization
import Wire

/// The workers that dial in: who asks for work right now, and who was heard lately.
///
/// It holds only what a restart may forget; labels, slots and a person's decisions are rows.
final class WorkerRegistry: Sendable {
    /// A worker is present while its last call is younger than this.
    static let presence = Duration.seconds(60)

    /// Between two times that a worker that says nothing new is written down as seen.
    private static let recording = Duration.seconds(60)

    /// What a worker's call says of the worker itself.
    enum Hearing {
        case news
        /// Nothing new, but it was last written down as seen a while ago.
        case again
        case nothing
    }

    private struct Entry {
        var hello: WorkerHello
        var seen: ContinuousClock.Instant
        var recorded: ContinuousClock.Instant
        var freeSlots = 0
        var claim: (id: Int, continuation: AsyncStream<[JobOrder]>.Continuation)?
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let claims = Atomic(0)

    /// Notes a call of a worker.
    func note(
        _ name: String,
        _ hello: WorkerHello,
        at now: ContinuousClock.Instant = .now
    ) -> Hearing {
        entries.withLock { entries in
            guard var entry = entries[name] else {
                entries[name] = Entry(hello: hello, seen: now, recorded: now)
                return .news
            }
            let isNews = entry.hello != hello
            let isDue = isNews || now - entry.recorded >= Self.recording
            entry.hello = hello
            entry.seen = now
            if isDue { entry.recorded = now }
            entries[name] = entry
            return isNews ? .news : isDue ? .again : .nothing
        }
    }

    /// Notes that a worker waits for work; its earlier wait, if any, ends with nothing.
    func openClaim(_ name: String, freeSlots: Int) -> (id: Int, orders: AsyncStream<[JobOrder]>) {
        let (stream, continuation) = AsyncStream.makeStream(of: [JobOrder].self)
        let id = claims.add(1, ordering: .relaxed).newValue
        let former = entries.withLock { entries in
            let former = entries[name]?.claim?.continuation
            entries[name]?.claim = (id, continuation)
            entries[name]?.freeSlots = freeSlots
            return former
        }
        former?.finish()
        return (id, stream)
    }

    /// Notes that a worker waits no longer, and ends its stream of orders.
    func closeClaim(_ name: String, id: Int) {
        let closed = entries.withLock { entries in
            guard let claim = entries[name]?.claim, claim.id == id else {
                return nil as AsyncStream<[JobOrder]>.Continuation?
            }
            entries[name]?.claim = nil
            return claim.continuation
        }
        closed?.finish()
    }

    /// Takes slots away at the moment they are given out, so that the next decision, which may
    /// come before the orders are told, does not give them out again.
    func reserve(_ count: Int, of name: String) {
        entries.withLock { $0[name]?.freeSlots -= count }
    }

    /// Hands orders to a waiting worker; false when it waits no longer.
    func deliver(_ orders: [JobOrder], to name: String) -> Bool {
        let continuation = entries.withLock { entries in
            let continuation = entries[name]?.claim?.continuation
            entries[name]?.claim = nil
            return continuation
        }
        guard let continuation else { return false }
        continuation.yield(orders)
        continuation.finish()
        return true
    }

    /// Ends every wait, for a shutdown.
    func close() {
        let waiting = entries.withLock { entries in
            let waiting = entries.values.compactMap(\.claim?.continuation)
            for name in entries.keys { entries[name]?.claim = nil }
            return waiting
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Whether any worker waits for work right now.
    var isAnyoneAsking: Bool {
        entries.withLock { $0.values.contains { $0.claim != nil } }
    }

    /// How a worker known from its row stands now.
    func snapshot(_ name: String, labels: [String], slots: Int, isPaused: Bool) -> WorkerSnapshot {
        entries.withLock { entries in
            let entry = entries[name]
            return WorkerSnapshot(
                name: name,
                labels: Set(labels),
                slots: slots,
                freeSlots: entry?.claim == nil ? 0 : entry?.freeSlots ?? 0,
                isPaused: isPaused || entry?.hello.isDraining == true,
                isPresent: entry.map { .now - $0.seen < Self.presence } ?? false,
                isAsking: entry?.claim != nil,
                trouble: entry?.hello.trouble.map { String($0.prefix(200)) }
            )
        }
    }

    /// Why the worker takes no jobs, in its own words; nil: it does, or is away.
    func trouble(of name: String) -> String? {
        entries.withLock { $0[name]?.hello.trouble.map { String($0.prefix(200)) } }
    }

    /// Whether the worker was heard lately, and whether its process is about to end.
    func standing(of name: String) -> (isPresent: Bool, isDraining: Bool) {
        entries.withLock { entries in
            guard let entry = entries[name] else { return (false, false) }
            return (.now - entry.seen < Self.presence, entry.hello.isDraining)
        }
    }
}
