import Core
import GRDB

import struct Foundation.Date

/// What followed from the end of a job, a cancellation or a first look.
struct Settlement {
    /// Set when the build ended with it.
    var verdict: BuildResult?
    var hasFreedJobs: Bool
    /// Attempts of which nothing will come: their workers must end them.
    var stopped: [AttemptID] = []
}

extension SQLiteTransaction {
    /// Applies what Core decides about a build whose jobs have changed; `began` is set when
    /// nothing tells yet that it runs.
    func settle(
        _ build: BuildID,
        isCancelled: Bool,
        coveredBy: String? = nil,
        began: Date? = nil,
        at now: Date
    ) throws -> Settlement {
        var nodes = try nodes(of: build)
        for index in nodes.indices where !nodes[index].isReadable && !isCancelled {
            try end(nodes[index].node.id, .exception, reason: Waiting.unreadable, at: now)
            nodes[index].node.state = .finished(.exception)
        }
        let isAnyBlocked = nodes.contains { $0.node.state == .blocked }
        var graph = JobGraph(
            nodes: nodes.map(\.node),
            isCancelled: isCancelled,
            coveredBy: coveredBy,
            holds: isAnyBlocked ? try holds(of: build) : []
        )
        if graph.hasExpression, let build = try self.build(build) {
            try tell(&graph, of: build)
        }
        let advance = graph.advanced()
        let known = nodes.reduce(into: [JobID: String]()) { known, stored in
            known[stored.node.id] = stored.waitingReason
        }
        for step in advance.steps { try apply(step, knowing: known, at: now) }
        let stopped = try advance.steps.compactMap { try liveAttempt(stoppedBy: $0) }
        var hasAdmitted = false
        if let verdict = advance.verdict {
            hasAdmitted = try end(build, verdict, began: began, at: now)
        } else if let began {
            try markRunning(build, at: began)
        }
        return Settlement(
            verdict: advance.verdict,
            hasFreedJobs: hasAdmitted || advance.steps.contains { $0.isReady },
            stopped: stopped
        )
    }

    func nodes(of build: BuildID) throws -> [StoredNode] {
        try db.all(
            """
            SELECT id, name, needs, condition, state, result, waitingReason, key, optionalNeeds,
                failFast, outputs, gate IS NOT NULL
            FROM job WHERE build = ? ORDER BY id
            """,
            [build.rawValue],
            StoredNode.init
        )
    }

    private func liveAttempt(stoppedBy step: JobGraph.Step) throws -> AttemptID? {
        guard case .stop(let id, _) = step else { return nil }
        return try db.first(
            "SELECT a.id FROM attempt a WHERE a.job = ? AND \(Self.isLive)",
            [id.rawValue]
        ) { AttemptID($0[0]) }
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
            try forsakeGate(of: id, reason, at: now)
            try end(id, result, reason: reason, at: now)
        case .stop(let id, let reason):
            try db.run(
                "UPDATE job SET stopReason = ? WHERE id = ? AND stopReason IS NULL",
                [reason, id.rawValue]
            )
        case .wait(let id, let needs):
            try explain(id, Waiting.needs(needs), knowing: waitingReasons)
        case .hold(let id, let reason):
            try explain(id, reason, knowing: waitingReasons)
        }
    }

    private func explain(
        _ id: JobID,
        _ reason: String,
        knowing waitingReasons: [JobID: String]
    ) throws {
        guard waitingReasons[id] != reason else { return }
        try db.run("UPDATE job SET waitingReason = ? WHERE id = ?", [reason, id.rawValue])
    }

    /// Puts the job into the queue, with a new fence when an attempt at it was lost; whoever was in
    /// it before keeps the old place.
    func makeReady(_ id: JobID, isFenced: Bool = false, at now: Date) throws {
        if try beginsAtGate(id, at: now) { return }
        try db.run(
            """
            UPDATE job SET state = 'ready', waitingReason = ?, since = ?,
                startedAt = CASE WHEN passed > 0 THEN startedAt END,
                fence = fence + ?,
                rank = CASE WHEN attempts > 0 THEN rank ELSE ? - ? * priority END
            WHERE id = ?
            """,
            [
                Waiting.queued, now.milliseconds, isFenced ? 1 : 0, now.milliseconds,
                Int64(secondsPerPoint * 1_000), id.rawValue,
            ]
        )
    }

    /// Whether the job waits for people before it needs a worker, which it does from now on.
    private func beginsAtGate(_ id: JobID, at now: Date) throws -> Bool {
        let isAtGate = try db.has(
            "SELECT 1 FROM job WHERE id = ? AND beginsAtGate = 1 AND passed = 0",
            [id.rawValue]
        )
        if isAtGate { try reachGate(of: id, at: 1, now) }
        return isAtGate
    }

    /// Ends the job, whose attempt has ended already; `began` is set where nothing tells yet that
    /// it did.
    func end(
        _ id: JobID,
        _ result: BuildResult,
        reason: String?,
        outputs: [String: String] = [:],
        began: Date? = nil,
        at now: Date
    ) throws {
        try db.run(
            """
            UPDATE job SET state = 'finished', result = ?, reason = ?, waitingReason = NULL,
                gate = NULL, outputs = ?, startedAt = coalesce(startedAt, ?), finishedAt = ?
            WHERE id = ?
            """,
            [
                result.rawValue, reason, outputs.isEmpty ? nil : try Text.of(outputs),
                began?.milliseconds, now.milliseconds, id.rawValue,
            ]
        )
    }

    func markRunning(_ id: BuildID, at now: Date) throws {
        try db.run(
            "UPDATE build SET state = 'running', startedAt = ? WHERE id = ?",
            [now.milliseconds, id.rawValue]
        )
    }

    /// Whether a build of its group may begin now.
    private func end(
        _ id: BuildID,
        _ result: BuildResult,
        began: Date?,
        at now: Date
    ) throws -> Bool {
        try db.run(
            """
            UPDATE build SET state = 'finished', result = ?, finishedAt = ?,
                startedAt = coalesce(startedAt, ?)
            WHERE id = ?
            """,
            [result.rawValue, now.milliseconds, began?.milliseconds, id.rawValue]
        )
        return try leaveGroup(id, at: now)
    }
}

/// A node of the graph as its row tells it.
struct StoredNode {
    var node: JobGraph.Node
    var waitingReason: String?
    /// False when a blocked job's needs or condition make no sense: it must not start, nor hold up
    /// the others.
    var isReadable: Bool

    init(_ row: Row) throws {
        let result: BuildResult? = try row.wordIfAny(5)
        guard let state = JobGraph.State(state: row[4], result: result) else {
            throw StorageError(.corrupt, "Job \(row[0] as Int64) contradicts itself.")
        }
        let needs = try? Text.list(in: row[2])
        let optional = try? Text.list(in: row[8])
        let condition = Condition(rawValue: row[3])
        let outputs = (row[10] as String?).flatMap {
            try? Text.value([String: String].self, in: $0)
        }
        node = JobGraph.Node(
            id: JobID(row[0]),
            name: row[1],
            key: row[7],
            needs: needs ?? [],
            optionalNeeds: Set(optional ?? []),
            condition: condition ?? .success,
            failFast: row[9],
            state: row[11] ? .gated : state,
            outputs: outputs ?? [:]
        )
        waitingReason = row[6]
        isReadable = needs != nil && optional != nil && condition != nil || state != .blocked
    }
}
