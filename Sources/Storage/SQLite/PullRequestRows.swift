import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    func isKnown(_ state: PullRequestState, of id: RepositoryID) throws -> Bool {
        try db.has(
            """
            SELECT 1 FROM pullRequest
            WHERE repository = ? AND number = ? AND head = ? AND target = ?
            """,
            [id.rawValue, state.number, state.head, state.target]
        )
    }

    func pullRequest(_ number: Int, of id: RepositoryID) throws -> PullRequestState? {
        try db.first(
            "SELECT head, target FROM pullRequest WHERE repository = ? AND number = ?",
            [id.rawValue, number]
        ) { PullRequestState(number: number, head: $0[0], target: $0[1]) }
    }

    func noteHead(_ ref: String, at sha: String?, of id: RepositoryID) throws {
        guard let sha else {
            return try db.run(
                "DELETE FROM ref WHERE repository = ? AND name = ?",
                [id.rawValue, ref]
            )
        }
        try db.run(
            """
            INSERT INTO ref (repository, name, sha) VALUES (?, ?, ?)
            ON CONFLICT (repository, name) DO UPDATE SET sha = excluded.sha
            """,
            [id.rawValue, ref, sha]
        )
    }

    func accept(
        _ change: Change,
        as state: PullRequestState,
        starting builds: [BuildDraft],
        at now: Date
    ) throws -> [Build]? {
        try atomically {
            let isNew = try db.change(
                """
                INSERT INTO pullRequest (repository, number, head, target) VALUES (?, ?, ?, ?)
                ON CONFLICT (repository, number) DO UPDATE
                SET head = excluded.head, target = excluded.target
                WHERE head <> excluded.head OR target <> excluded.target
                """,
                [change.repository.rawValue, state.number, state.head, state.target]
            )
            return isNew == 1 ? try create(builds, for: change, at: now) : nil
        }
    }

    func forgetPullRequest(_ number: Int, of id: RepositoryID) throws {
        try db.run(
            "DELETE FROM pullRequest WHERE repository = ? AND number = ?",
            [id.rawValue, number]
        )
    }

    func isTrusted(_ contributor: Contributor, in id: RepositoryID) throws -> Bool {
        try db.has(
            "SELECT 1 FROM contributor WHERE repository = ? AND forge = ? AND name = ?",
            [id.rawValue, contributor.forge.rawValue, contributor.id]
        )
    }

    func trust(
        _ contributor: Contributor,
        in id: RepositoryID,
        by actor: String,
        at now: Date
    ) throws {
        // An account that was deleted has no name of its own.
        guard !contributor.id.isEmpty else { return }
        try db.run(
            """
            INSERT INTO contributor (repository, forge, name, approvedBy, approvedAt)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [id.rawValue, contributor.forge.rawValue, contributor.id, actor, now.milliseconds]
        )
    }
}
