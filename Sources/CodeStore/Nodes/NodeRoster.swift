import Core
import Synchronization

import struct Foundation.Date

/// What all nodes said last, in memory.
///
/// A thousand nodes report every ten seconds and all at once after a promotion; a transaction for
/// each would hold up the next promotion. Reports are repeated anyway, so they are written down
/// together, now and then.
final class NodeRoster: Sendable {
    static let nodesMax = 10_000

    struct Key: Hashable, Sendable {
        var id: String
        var channel: ChannelKey

        init(_ report: NodeReport) {
            id = report.id
            channel = ChannelKey(unit: report.unit, channel: report.channel)
        }
    }

    struct Entry: Sendable {
        var report: NodeReport
        var seenAt: Date
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var unwritten: Set<Key> = []
    }

    private let state = Mutex(State())

    func load(_ entries: [Entry]) {
        state.withLock { state in
            for entry in entries { state.entries[Key(entry.report)] = entry }
        }
    }

    /// Takes in a report; where there are too many nodes, the longest silent one goes.
    func take(_ report: NodeReport, at now: Date) {
        let key = Key(report)
        state.withLock { state in
            if state.entries[key] == nil, state.entries.count >= Self.nodesMax,
                let silent = state.entries.min(by: { $0.value.seenAt < $1.value.seenAt })
            {
                state.entries[silent.key] = nil
                state.unwritten.insert(silent.key)
            }
            state.entries[key] = Entry(report: report, seenAt: now)
            state.unwritten.insert(key)
        }
    }

    func entries(of unit: String?) -> [Entry] {
        let all = state.withLock { Array($0.entries.values) }
        return all.filter { unit == nil || $0.report.unit == unit }
            .sorted { $0.report.id < $1.report.id }
    }

    /// Forgets nodes silent since before a time, and gives back what is to be written and deleted.
    func changes(silentBefore limit: Date) -> (written: [Entry], gone: [Key]) {
        state.withLock { state in
            for (key, entry) in state.entries where entry.seenAt < limit {
                state.entries[key] = nil
                state.unwritten.insert(key)
            }
            defer { state.unwritten = [] }
            let written = state.unwritten.compactMap { state.entries[$0] }
            return (written, state.unwritten.filter { state.entries[$0] == nil })
        }
    }

    /// Takes back changes that could not be written.
    func restore(_ keys: [Key]) {
        state.withLock { $0.unwritten.formUnion(keys) }
    }
}
