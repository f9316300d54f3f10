import Core
import GRDB

import struct Foundation.Date

/// Jobs that wait with the same labels and for the same reason are alike to the dispatcher: it
/// looks at no more of each group than there are free slots, so that a dispatch costs what it
/// assigns, however much waits.
extension SQLiteTransaction {
    /// Of one dispatch, each.
    private static let groupsMax = 4_096
    private static let assignmentsMax = 1_000
    /// Of one group; the rest of it is told with the next dispatches.
    private static let explanationsMax = 500

    func dispatch(to workers: [WorkerSnapshot], at now: Date) throws -> [Offer] {
        try atomically {
            let groups = try readyGroups()
            let readable = groups.filter { $0.labels != nil }
            for group in groups where group.labels == nil {
                try giveUp(group, at: now)
            }
            let free = workers.filter { $0.isAsking && !$0.isPaused }
                .reduce(0) { $0 + max($1.freeSlots, 0) }
            let candidates = try oldest(min(free, Self.assignmentsMax), of: readable)
            let offers = try assign(candidates, to: workers).assignments.compactMap { assignment in
                try offer(assignment, at: now)
            }
            try explain(readable, to: workers)
            return offers
        }
    }

    private func readyGroups() throws -> [ReadyGroup] {
        var groups: [ReadyGroup] = []
        var last = ("", "")
        while groups.count < Self.groupsMax {
            let next = try db.first(
                """
                SELECT labels, waitingReason FROM job
                WHERE state = 'ready' AND (labels, waitingReason) > (?, ?)
                ORDER BY labels, waitingReason LIMIT 1
                """,
                [last.0, last.1]
            ) { ReadyGroup(labelsText: $0[0], reason: $0[1]) }
            guard let next else { break }
            groups.append(next)
            last = (next.labelsText, next.reason)
        }
        return groups
    }

    private func oldest(_ limit: Int, of groups: [ReadyGroup]) throws -> [WaitingJob] {
        guard limit > 0 else { return [] }
        return try groups.flatMap { group in
            let labels = group.labels ?? []
            return try ids(limit, of: group) { row in
                WaitingJob(id: JobID(row[0]), labels: labels, since: Date(milliseconds: row[1]))
            }
        }
    }

    private func ids<Value>(
        _ limit: Int,
        of group: ReadyGroup,
        _ read: (Row) throws -> Value
    ) throws -> [Value] {
        try db.all(
            """
            SELECT id, since FROM job
            WHERE state = 'ready' AND labels = ? AND waitingReason = ?
            ORDER BY since, id LIMIT ?
            """,
            [group.labelsText, group.reason, limit],
            read
        )
    }

    private func explain(_ groups: [ReadyGroup], to workers: [WorkerSnapshot]) throws {
        guard !groups.isEmpty else { return }
        // Without a free slot Core can only answer why: once for each group.
        let busy = workers.map { worker in
            var worker = worker
            worker.freeSlots = 0
            return worker
        }
        let questions = groups.enumerated().map { index, group in
            WaitingJob(
                id: JobID(Int64(index)),
                labels: group.labels ?? [],
                since: Date(milliseconds: 0)
            )
        }
        let reasons = assign(questions, to: busy).reasons
        for (index, group) in groups.enumerated() {
            guard let reason = reasons[JobID(Int64(index))]?.sentence, reason != group.reason
            else { continue }
            try db.run(
                """
                UPDATE job SET waitingReason = ? WHERE id IN (
                    SELECT id FROM job WHERE state = 'ready' AND labels = ? AND waitingReason = ?
                    ORDER BY since, id LIMIT ?)
                """,
                [reason, group.labelsText, group.reason, Self.explanationsMax]
            )
        }
    }

    private func giveUp(_ group: ReadyGroup, at now: Date) throws {
        let ids = try ids(Self.explanationsMax, of: group) { JobID($0[0]) }
        for id in ids { try giveUp(id, at: now) }
    }

    /// One bad row ends as an exception, which a person sees, and stops nothing else.
    private func giveUp(_ id: JobID, at now: Date) throws {
        try end(id, .exception, reason: Waiting.unreadable, at: now)
        let build = try db.first(
            "SELECT build FROM job WHERE id = ?",
            [id.rawValue]
        ) { BuildID($0[0]) }
        if let build { _ = try settle(build, isCancelled: false, at: now) }
    }

    private func offer(_ assignment: Assignment, at now: Date) throws -> Offer? {
        let found = try db.first(
            """
            SELECT \(Build.columns), j.spec, j.fence, j.attempts
            FROM job j JOIN build b ON b.id = j.build JOIN repository r ON r.id = b.repository
            WHERE j.id = ?
            """,
            [assignment.job.rawValue]
        ) { row in
            (
                build: try Build(row), spec: row[Build.columnCount] as String,
                fence: row[Build.columnCount + 1] as Int,
                attempts: row[Build.columnCount + 2] as Int
            )
        }
        guard let found else { return nil }
        guard let spec = try? specs.spec(in: found.spec) else {
            try giveUp(assignment.job, at: now)
            return nil
        }
        let attempt = try insertAttempt(
            assignment,
            number: found.attempts + 1,
            fence: found.fence + 1,
            at: now
        )
        return Offer(attempt: attempt, job: assignment.job, spec: spec, build: found.build)
    }

    private func insertAttempt(
        _ assignment: Assignment,
        number: Int,
        fence: Int,
        at now: Date
    ) throws -> Attempt {
        try db.run(
            "UPDATE job SET state = 'running', fence = ?, attempts = ?, waitingReason = ? "
                + "WHERE id = ?",
            [fence, number, Waiting.offered(to: assignment.worker), assignment.job.rawValue]
        )
        try db.run(
            """
            INSERT INTO attempt (job, number, worker, fence, state, offeredAt)
            VALUES (?, ?, ?, ?, 'offered', ?)
            """,
            [
                assignment.job.rawValue, number, assignment.worker, fence, now.milliseconds,
            ]
        )
        return Attempt(
            id: AttemptID(db.lastInsertedRowID),
            job: assignment.job,
            number: number,
            worker: assignment.worker,
            fence: fence,
            state: .offered
        )
    }

    func queue(limit: Int) throws -> [QueueEntry] {
        try db.all(
            """
            SELECT j.id, j.name, j.labels, j.build, r.name, b.number,
                b.ref, b.author, j.waitingReason, j.since, j.state = 'blocked'
            FROM job j JOIN build b ON b.id = j.build JOIN repository r ON r.id = b.repository
            WHERE j.state IN ('blocked', 'ready') ORDER BY j.since, j.id LIMIT ?
            """,
            [min(max(limit, 0), Self.listMax)]
        ) { row in
            QueueEntry(
                job: JobID(row[0]),
                name: row[1],
                labels: (try? Text.list(in: row[2])) ?? [],
                build: BuildID(row[3]),
                repository: row[4],
                number: row[5],
                ref: row[6],
                author: row[7],
                reason: row[8],
                since: Date(milliseconds: row[9]),
                isBlocked: row[10]
            )
        }
    }
}

/// Ready jobs that the dispatcher need not tell apart.
private struct ReadyGroup {
    var labelsText: String
    var reason: String
    /// Nil when the column holds no list.
    var labels: [String]?

    init(labelsText: String, reason: String) {
        self.labelsText = labelsText
        self.reason = reason
        labels = try? Text.list(in: labelsText)
    }
}
