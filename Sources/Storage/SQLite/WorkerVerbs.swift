import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    func greet(_ worker: WorkerRow, at now: Date) throws {
        try db.run(
            """
            INSERT INTO worker (name, labels, slots, version, mode, lastSeenAt)
            VALUES (?, ?, ?, ?, 'taking', ?)
            ON CONFLICT (name) DO UPDATE SET labels = excluded.labels, slots = excluded.slots,
                version = excluded.version, lastSeenAt = excluded.lastSeenAt
            """,
            [
                worker.name, try Text.of(list: worker.labels), worker.slots, worker.version,
                now.milliseconds,
            ]
        )
    }

    func workers() throws -> [WorkerRow] {
        try db.all(
            """
            SELECT name, labels, slots, version, mode, lastSeenAt, failures, failure,
                quarantinedUntil
            FROM worker ORDER BY name
            """
        ) { row in
            WorkerRow(
                name: row[0],
                labels: (try? Text.list(in: row[1])) ?? [],
                slots: row[2],
                version: row[3],
                mode: try row.word(4),
                lastSeenAt: Date(milliseconds: row[5]),
                health: WorkerHealth(row, at: 6)
            )
        }
    }

    func setMode(_ mode: WorkerMode, ofWorker name: String) throws {
        let changed = try db.change(
            mode == .taking
                ? "UPDATE worker SET mode = ?, \(Self.trusted) WHERE name = ?"
                : "UPDATE worker SET mode = ? WHERE name = ?",
            [mode.rawValue, name]
        )
        guard changed == 1 else {
            throw StorageError(.notFound, "No worker named \(name) has ever connected.")
        }
    }
}
