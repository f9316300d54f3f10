import Core
import Foundation
import GRDB

/// The rows of nodes, within one transaction.
struct NodeRows {
    let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func all() throws -> [NodeRoster.Entry] {
        try db.all(
            """
            SELECT id, unit, channel, seenRev, prepared, active, errors, host, pid, seenAt
            FROM node
            """
        ) { row in
            let errors: String = row[6]
            let report = NodeReport(
                id: row[0],
                unit: row[1],
                channel: row[2],
                seenRev: row[3],
                prepared: try (row[4] as Data?).map(ContentDigest.init(stored:)),
                active: try (row[5] as Data?).map(ContentDigest.init(stored:)),
                errors: try JSONDecoder().decode([String].self, from: Data(errors.utf8)),
                host: row[7],
                pid: row[8]
            )
            return NodeRoster.Entry(report: report, seenAt: Date(milliseconds: row[9]))
        }
    }

    func write(_ entry: NodeRoster.Entry) throws {
        let report = entry.report
        let errors = String(decoding: try JSONEncoder().encode(report.errors), as: UTF8.self)
        try db.run(
            """
            INSERT OR REPLACE INTO node
                (id, unit, channel, seenRev, prepared, active, errors, host, pid, seenAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                report.id, report.unit, report.channel, report.seenRev, report.prepared?.data,
                report.active?.data, errors, report.host, report.pid, entry.seenAt.milliseconds,
            ]
        )
    }

    func delete(_ key: NodeRoster.Key) throws {
        try db.run(
            "DELETE FROM node WHERE id = ? AND unit = ? AND channel = ?",
            [key.id, key.channel.unit, key.channel.channel]
        )
    }
}
