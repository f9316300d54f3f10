import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    func noteTrial(_ sha: String, of id: RepositoryID, at now: Date) throws {
        try db.run(
            """
            INSERT INTO trial (repository, sha, createdAt) VALUES (?, ?, ?)
            ON CONFLICT (repository, sha) DO UPDATE
            SET createdAt = excluded.createdAt, releasedAt = NULL
            """,
            [id.rawValue, sha, now.milliseconds]
        )
    }

    func spentTrials(before date: Date, limit: Int) throws -> [Trial] {
        // The refs of tries lie side by side in the index: few builds are looked at.
        try db.all(
            """
            SELECT r.name, t.sha, EXISTS (
                SELECT 1 FROM build b
                WHERE b.repository = t.repository AND b.sha = t.sha AND b.event <> 'try')
            FROM trial t INDEXED BY trialByAge
            JOIN repository r ON r.id = t.repository
            WHERE t.releasedAt IS NULL AND t.createdAt < ?1 AND NOT EXISTS (
                SELECT 1 FROM build b INDEXED BY buildByRef
                WHERE b.repository = t.repository AND b.ref >= 'refs/try/' AND b.ref < 'refs/try0'
                    AND b.sha = t.sha AND (b.state <> 'finished' OR b.finishedAt >= ?1))
            ORDER BY t.createdAt LIMIT ?2
            """,
            [date.milliseconds, limit]
        ) { Trial(repository: $0[0], sha: $0[1], isPushed: $0[2]) }
    }

    func releaseTrial(_ trial: Trial, at now: Date) throws {
        try db.run(
            """
            UPDATE trial SET releasedAt = ?
            WHERE sha = ? AND repository = (SELECT id FROM repository WHERE name = ?)
            """,
            [now.milliseconds, trial.sha, trial.repository]
        )
    }

    func isTried(_ sha: String, of id: RepositoryID) throws -> Bool {
        try db.has(
            """
            SELECT 1 FROM trial t WHERE t.repository = ?1 AND t.sha = ?2 AND NOT EXISTS (
                SELECT 1 FROM build b WHERE b.repository = ?1 AND b.sha = ?2
                    AND b.event IN ('push', 'tag'))
            """,
            [id.rawValue, sha]
        )
    }
}
