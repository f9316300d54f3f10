import Core
import GRDB

import struct Foundation.Date

/// What waits, and what people decide about it.
extension SQLiteTransaction {
    /// Why `job j` waits.
    ///
    /// The jobs of a lane wait for the same reason.
    static let waitingReason = """
        CASE WHEN j.state = 'ready' THEN coalesce(
            (SELECT l.reason FROM lane l WHERE l.repository = j.repository
                AND l.labels = j.labels AND l.locks = j.locks),
            j.waitingReason) ELSE j.waitingReason END
        """

    func queue(limit: Int) throws -> [QueueEntry] {
        try db.all(
            """
            SELECT j.id, j.name, j.labels, j.build, r.name, b.number,
                b.ref, b.author, \(Self.waitingReason), j.since, j.state = 'blocked',
                j.priority, j.repository, j.locks
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
                isBlocked: row[10],
                priority: row[11],
                repositoryID: RepositoryID(row[12]),
                locks: (try? Text.demands(in: row[13])) ?? []
            )
        }
    }

    func queues() throws -> [QueueLength] {
        try db.all(
            """
            SELECT labels, count(*), min(since) FROM job WHERE state = 'ready'
            GROUP BY labels ORDER BY labels LIMIT ?
            """,
            [Self.listMax]
        ) { row in
            QueueLength(
                labels: (try? Text.list(in: row[0])) ?? [],
                jobs: row[1],
                oldestSince: Date(milliseconds: row[2])
            )
        }
    }

    func blockedCount() throws -> Int {
        try db.first(
            "SELECT count(*) FROM job INDEXED BY jobWaiting "
                + "WHERE state IN ('blocked', 'ready') AND state = 'blocked'"
        ) { $0[0] } ?? 0
    }

    func runningCount() throws -> Int {
        try db.first("SELECT count(*) FROM job INDEXED BY jobRunning WHERE state = 'running'") {
            $0[0]
        } ?? 0
    }

    func pausedQueues() throws -> [PausedQueue] {
        try db.all("SELECT labels, actor, reason, pausedAt FROM queuePause ORDER BY labels") {
            row in
            PausedQueue(
                labels: try Text.list(in: row[0]),
                pause: QueuePause(by: row[1], reason: row[2]),
                pausedAt: Date(milliseconds: row[3])
            )
        }
    }

    func pauseQueue(_ labels: [String], _ pause: QueuePause, at now: Date) throws {
        let count = try db.first("SELECT count(*) FROM queuePause") { $0[0] as Int }
        guard (count ?? 0) < Self.listMax else {
            throw StorageError(.conflict, "There are \(Self.listMax) paused queues already.")
        }
        try db.run(
            """
            INSERT INTO queuePause (labels, actor, reason, pausedAt) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET actor = excluded.actor, reason = excluded.reason,
                pausedAt = excluded.pausedAt
            """,
            [
                try Text.of(list: labels.sorted()), pause.by, pause.reason, now.milliseconds,
            ]
        )
    }

    func resumeQueue(_ labels: [String]) throws -> Bool {
        try db.change(
            "DELETE FROM queuePause WHERE labels = ?",
            [try Text.of(list: labels.sorted())]
        ) == 1
    }

    func queuePauses() throws -> [String: QueuePause] {
        let rows = try db.all("SELECT labels, actor, reason FROM queuePause") { row in
            (row[0] as String, QueuePause(by: row[1], reason: row[2]))
        }
        return Dictionary(rows) { $1 }
    }
}
