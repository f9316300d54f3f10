import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    private static let repository = """
        SELECT id, name, url, defaultBranch, pollInterval, createdAt, isBaselined, fetchedAt, \
        fetchError, pollsPullRequests FROM repository
        """

    func repositories() throws -> [Repository] {
        try db.all("\(Self.repository) ORDER BY name", [], Repository.init(row:))
    }

    func repository(named name: String) throws -> Repository? {
        try db.first("\(Self.repository) WHERE name = ?", [name], Repository.init(row:))
    }

    func addRepository(_ draft: RepositoryDraft, at now: Date) throws -> Repository {
        let added = try db.change(
            """
            INSERT INTO repository
                (name, url, defaultBranch, pollInterval, pollsPullRequests, createdAt)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING
            """,
            [
                draft.name, draft.url, draft.defaultBranch, draft.pollInterval,
                draft.pollsPullRequests, now.milliseconds,
            ]
        )
        guard added == 1 else {
            throw StorageError(
                .nameTaken,
                "A repository named \(draft.name) exists already: choose another name."
            )
        }
        return Repository(
            id: RepositoryID(db.lastInsertedRowID),
            name: draft.name,
            url: draft.url,
            defaultBranch: draft.defaultBranch,
            pollInterval: draft.pollInterval,
            pollsPullRequests: draft.pollsPullRequests,
            createdAt: now.inMilliseconds
        )
    }

    func removeRepository(named name: String) throws -> Bool {
        let isRunning = try db.has(
            """
            SELECT 1 FROM attempt a INDEXED BY attemptLive JOIN job j ON j.id = a.job
            JOIN build b ON b.id = j.build JOIN repository r ON r.id = b.repository
            WHERE \(Self.isLive) AND r.name = ?
            """,
            [name]
        )
        if isRunning {
            throw StorageError(
                .busy,
                "Builds of \(name) are running: cancel them, or wait until they end."
            )
        }
        return try db.change("DELETE FROM repository WHERE name = ?", [name]) == 1
    }

    func recordFetch(of id: RepositoryID, error: String?, at now: Date) throws {
        try db.run(
            """
            UPDATE repository SET fetchError = ?1,
                fetchedAt = CASE WHEN ?1 IS NULL THEN ?2 ELSE fetchedAt END
            WHERE id = ?3
            """,
            [error, now.milliseconds, id.rawValue]
        )
    }

    func refs(of id: RepositoryID) throws -> [String: String] {
        let pairs = try db.all(
            "SELECT name, sha FROM ref WHERE repository = ?",
            [id.rawValue]
        ) { row in (row[0] as String, row[1] as String) }
        return Dictionary(pairs) { first, _ in first }
    }

    func baseline(_ id: RepositoryID, refs: [String: String]) throws {
        try atomically {
            let isFirst = try db.change(
                "UPDATE repository SET isBaselined = 1 WHERE id = ? AND isBaselined = 0",
                [id.rawValue]
            )
            guard isFirst == 1 else { return }
            for (name, sha) in refs {
                try db.run(
                    "INSERT OR REPLACE INTO ref (repository, name, sha) VALUES (?, ?, ?)",
                    [id.rawValue, name, sha]
                )
            }
        }
    }

    func forgetRef(_ ref: String, of id: RepositoryID, at sha: String) throws {
        try db.run(
            "DELETE FROM ref WHERE repository = ? AND name = ? AND sha = ?",
            [id.rawValue, ref, sha]
        )
    }
}

extension Repository {
    fileprivate init(row: Row) {
        self.init(
            id: RepositoryID(row[0]),
            name: row[1],
            url: row[2],
            defaultBranch: row[3],
            pollInterval: row[4],
            pollsPullRequests: row[9],
            createdAt: Date(milliseconds: row[5]),
            isBaselined: row[6],
            fetchedAt: row.date(7),
            fetchError: row[8]
        )
    }
}
