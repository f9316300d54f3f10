import GRDB

import struct Foundation.Date

/// Tokens and sessions.
extension SQLiteTransaction {
    /// A use within the same minute is not worth a write.
    private static let useResolution: Int64 = 60_000
    /// Beyond it, those that would end first end now.
    private static let sessionsMax = 1_000

    private static let token =
        "SELECT id, name, kind, digest, createdAt, lastUsedAt, teams FROM token"

    func addToken(_ token: TokenRow) throws {
        let added = try db.change(
            """
            INSERT INTO token (id, name, kind, digest, createdAt, lastUsedAt, teams)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """,
            [
                token.id, token.name, token.kind, token.digest, token.createdAt.milliseconds,
                token.lastUsedAt?.milliseconds, try Text.of(list: token.teams),
            ]
        )
        guard added == 1 else {
            throw StorageError(.conflict, "A token \(token.id) exists already: make another.")
        }
    }

    func tokens() throws -> [TokenRow] {
        try db.all("\(Self.token) ORDER BY createdAt DESC, id", [], TokenRow.init)
    }

    func token(_ id: String) throws -> TokenRow? {
        try db.first("\(Self.token) WHERE id = ?", [id], TokenRow.init)
    }

    func useToken(_ id: String, at now: Date) throws {
        try db.run(
            """
            UPDATE token SET lastUsedAt = ?1
            WHERE id = ?2 AND (lastUsedAt IS NULL OR lastUsedAt <= ?1 - ?3)
            """,
            [now.milliseconds, id, Self.useResolution]
        )
    }

    func revokeToken(_ id: String) throws -> Bool {
        try db.change("DELETE FROM token WHERE id = ?", [id]) == 1
    }

    func addSession(_ session: SessionRow) throws {
        try db.run(
            """
            INSERT OR REPLACE INTO session (digest, person, kind, csrf, expiresAt, teams)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                session.digest, session.person, session.kind, session.csrf,
                session.expiresAt.milliseconds, try Text.of(list: session.teams),
            ]
        )
        try db.run(
            """
            DELETE FROM session WHERE digest IN (
                SELECT digest FROM session ORDER BY expiresAt DESC LIMIT -1 OFFSET ?)
            """,
            [Self.sessionsMax]
        )
    }

    func session(_ digest: String, at now: Date) throws -> SessionRow? {
        try db.first(
            """
            SELECT digest, person, kind, csrf, expiresAt, teams FROM session
            WHERE digest = ? AND expiresAt > ?
            """,
            [digest, now.milliseconds]
        ) { row in
            SessionRow(
                digest: row[0],
                person: row[1],
                kind: row[2],
                csrf: row[3],
                expiresAt: Date(milliseconds: row[4]),
                teams: (try? Text.list(in: row[5])) ?? []
            )
        }
    }

    func endSession(_ digest: String) throws {
        try db.run("DELETE FROM session WHERE digest = ?", [digest])
    }
}

extension TokenRow {
    fileprivate init(_ row: Row) {
        self.init(
            id: row[0],
            name: row[1],
            kind: row[2],
            digest: row[3],
            createdAt: Date(milliseconds: row[4]),
            lastUsedAt: row.date(5),
            teams: (try? Text.list(in: row[6])) ?? []
        )
    }
}
