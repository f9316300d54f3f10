import Core
import GRDB

import struct Foundation.Date

/// What was done with secrets, for whoever has to answer for it.
extension SQLiteTransaction {
    /// Beyond it the oldest are forgotten.
    private static let deedsMax: Int64 = 100_000
    private static let detailBytesMax = 1_000

    func secretDeeds(limit: Int, before cursor: Int64?) throws -> [SecretDeed] {
        try db.all(
            """
            SELECT id, doneAt, kind, name, repository, actor, build, job, detail FROM secretDeed
            WHERE id < ? ORDER BY id DESC LIMIT ?
            """,
            [cursor ?? Int64.max, limit]
        ) { row in
            SecretDeed(
                id: row[0],
                doneAt: Date(milliseconds: row[1]),
                kind: try row.word(2),
                name: row[3],
                repository: row[4],
                actor: row[5],
                build: (row[6] as Int64?).map { BuildID($0) },
                job: (row[7] as Int64?).map { JobID($0) },
                detail: row[8]
            )
        }
    }

    func noteRewrap(_ key: String, by actor: String, at now: Date) throws {
        try note(
            SecretDeed(
                doneAt: now,
                kind: .rewrapped,
                name: "",
                actor: actor,
                detail: "with the key \(key)"
            )
        )
    }

    func noteDeed(
        _ kind: SecretDeed.Kind,
        of terms: SecretTerms,
        by actor: String,
        at now: Date
    ) throws {
        let repository = try terms.repository.flatMap { id in
            try db.first("SELECT name FROM repository WHERE id = ?", [id.rawValue]) {
                $0[0] as String
            }
        }
        try note(
            SecretDeed(
                doneAt: now,
                kind: kind,
                name: terms.name,
                repository: repository,
                actor: actor
            )
        )
    }

    func note(_ deed: SecretDeed) throws {
        let detail = deed.detail.map {
            String(decoding: $0.utf8.prefix(Self.detailBytesMax), as: UTF8.self)
        }
        try db.run(
            """
            INSERT INTO secretDeed (doneAt, kind, name, repository, actor, build, job, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                deed.doneAt.milliseconds, deed.kind.rawValue, deed.name, deed.repository,
                deed.actor, deed.build?.rawValue, deed.job?.rawValue, detail,
            ]
        )
        try db.run("DELETE FROM secretDeed WHERE id <= ?", [db.lastInsertedRowID - Self.deedsMax])
    }
}
