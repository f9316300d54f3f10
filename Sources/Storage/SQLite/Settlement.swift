import Core
import GRDB

import struct Foundation.Date

/// What followed from the end of a job, a cancellation or a first look.
struct Settlement {
    /// Set when the build ended with it.
    var verdict: BuildResult?
    var hasFreedJobs: Bool
}

extension SQLiteTransaction {
    /// Applies what Core decides about a build whose jobs have changed.
    func settle(_ build: BuildID, isCancelled: Bool, at now: Date) throws -> Settlement {
        var nodes = try nodes(of: build)
        for index in nodes.indices where !nodes[index].isReadable && !isCancelled {
            try end(nodes[index].node.id, .exception, reason: Waiting.unreadable, at: now)
            nodes[index].node.state = .finished(.exception)
        }
        let graph = JobGraph(nodes: nodes.map(\.node), isCancelled: isCancelled)
        let advance = graph.advanced()
        let known = nodes.reduce(into: [JobID: String]()) { known, stored in
            known[stored.node.id] = stored.waitingReason
        }
        for step in advance.steps { try apply(step, knowing: known, at: now) }
        if let verdict = advance.verdict { try end(build, verdict, at: now) }
        return Settlement(
            verdict: advance.verdict,
            hasFreedJobs: advance.steps.contains { $0.isReady }
        )
    }

    private func nodes(of build: BuildID) throws -> [StoredNode] {
        try db.all(
            """
            SELECT id, name, needs, condition, state, result, waitingReason
            FROM job WHERE build = ? ORDER BY id
            """,
            [build.rawValue],
            StoredNode.init
        )
    }

    private func apply(
        _ step: JobGraph.Step,
        knowing waitingReasons: [JobID: String],
        at now: Date
    ) throws {
        switch step {
        case .ready(let id):
            try makeReady(id, at: now)
        case .finish(let id, let result, let reason):
            try end(id, result, reason: reason, at: now)
        case .wait(let id, let needs):
            let reason = Waiting.needs(needs)
            guard waitingReasons[id] != reason else { return }
            try db.run(
                "UPDATE job SET waitingReason = ? WHERE id = ?",
                [reason, id.rawValue]
            )
        }
    }

    /// Puts the job into the queue, with a new fence when an attempt at it was lost.
    func makeReady(_ id: JobID, isFenced: Bool = false, at now: Date) throws {
        try db.run(
            """
            UPDATE job SET state = 'ready', waitingReason = ?, since = ?, startedAt = NULL,
                fence = fence + ?
            WHERE id = ?
            """,
            [Waiting.queued, now.milliseconds, isFenced ? 1 : 0, id.rawValue]
        )
    }

    /// Ends the job; its attempt has ended already.
    func end(_ id: JobID, _ result: BuildResult, reason: String?, at now: Date) throws {
        try db.run(
            """
            UPDATE job SET state = 'finished', result = ?, reason = ?, waitingReason = NULL,
                finishedAt = ?
            WHERE id = ?
            """,
            [result.rawValue, reason, now.milliseconds, id.rawValue]
        )
    }

    private func end(_ id: BuildID, _ result: BuildResult, at now: Date) throws {
        try db.run(
            "UPDATE build SET state = 'finished', result = ?, finishedAt = ? WHERE id = ?",
            [result.rawValue, now.milliseconds, id.rawValue]
        )
    }
}

/// A node of the graph as its row tells it.
private struct StoredNode {
    var node: JobGraph.Node
    var waitingReason: String?
    /// False when a blocked job's needs are no list: it must not start, nor hold up the others.
    var isReadable: Bool

    init(_ row: Row) throws {
        let result: BuildResult? = try row.wordIfAny(5)
        guard let state = JobGraph.State(state: row[4], result: result) else {
            throw StorageError(.corrupt, "Job \(row[0] as Int64) contradicts itself.")
        }
        let needs = try? Text.list(in: row[2])
        node = JobGraph.Node(
            id: JobID(row[0]),
            name: row[1],
            needs: needs ?? [],
            condition: try row.word(3),
            state: state
        )
        waitingReason = row[6]
        isReadable = needs != nil || state != .blocked
    }
}
