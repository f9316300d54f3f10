import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    /// Keys older than a week are forgotten: nobody repeats a request for so long.
    private static let keyLifetime: Int64 = 7 * 24 * 3_600 * 1_000

    func accept(
        _ change: Change,
        starting builds: [BuildDraft],
        at now: Date
    ) throws -> [Build]? {
        try atomically {
            guard try swapRef(of: change) else { return nil }
            return try create(builds, for: change, at: now)
        }
    }

    /// Whether the ref stood where the change saw it, and now stands where it went.
    private func swapRef(of change: Change) throws -> Bool {
        guard change.before != change.commit.sha else { return false }
        guard let before = change.before else {
            return try db.change(
                """
                INSERT INTO ref (repository, name, sha) VALUES (?, ?, ?)
                ON CONFLICT (repository, name) DO NOTHING
                """,
                [change.repository.rawValue, change.ref, change.commit.sha]
            ) == 1
        }
        return try db.change(
            "UPDATE ref SET sha = ? WHERE repository = ? AND name = ? AND sha = ?",
            [change.commit.sha, change.repository.rawValue, change.ref, before]
        ) == 1
    }

    func start(
        _ builds: [BuildDraft],
        for change: Change,
        idempotencyKey: String?,
        at now: Date
    ) throws -> [Build] {
        guard let idempotencyKey else {
            return try atomically { try create(builds, for: change, at: now) }
        }
        let earlier = try self.builds(startedBy: idempotencyKey, in: change.repository)
        if !earlier.isEmpty { return earlier }
        return try atomically {
            let started = try create(builds, for: change, at: now)
            for build in started {
                try db.run(
                    """
                    INSERT INTO idempotency (repository, key, build, createdAt)
                    VALUES (?, ?, ?, ?)
                    """,
                    [
                        change.repository.rawValue, idempotencyKey, build.id.rawValue,
                        now.milliseconds,
                    ]
                )
            }
            try db.run(
                "DELETE FROM idempotency WHERE createdAt < ?",
                [now.milliseconds - Self.keyLifetime]
            )
            return started
        }
    }

    private func builds(startedBy key: String, in repository: RepositoryID) throws -> [Build] {
        try db.all(
            """
            SELECT \(Build.columns) FROM idempotency i JOIN build b ON b.id = i.build
            JOIN repository r ON r.id = b.repository
            WHERE i.repository = ? AND i.key = ? ORDER BY b.id
            """,
            [repository.rawValue, key]
        ) { try Build($0) }
    }

    func create(
        _ drafts: [BuildDraft],
        for change: Change,
        after upstream: BuildID? = nil,
        at now: Date
    ) throws -> [Build] {
        for draft in drafts where draft.isPassed { try pass(draft.pipeline, change) }
        return try drafts.filter { !$0.isPassed }.map { draft in
            let settings = draft.settings(for: change)
            let quiet = settings.quietHold(for: change.event, ref: change.ref, at: now)
            return try create(
                PlannedBuild(
                    pipeline: draft.pipeline,
                    event: change.event,
                    ref: change.ref,
                    sha: change.commit.sha,
                    versionTag: draft.versionTag,
                    message: change.commit.message,
                    author: change.commit.author,
                    reason: draft.reason,
                    problems: draft.problems,
                    jobs: try draft.plannedJobs(),
                    settings: settings,
                    holds: draft.holds + [quiet].compactMap(\.self),
                    isAwaited: draft.isAwaited,
                    upstream: upstream,
                    starter: change.actor,
                    authorEmail: change.commit.authorEmail
                ),
                in: change.repository,
                at: now
            )
        }
    }
}

extension BuildDraft {
    fileprivate func settings(for change: Change) -> BuildSettings {
        var settings = plan.map { BuildSettings($0) } ?? BuildSettings()
        settings.pullRequest = change.pullRequest
        settings.hasConflict = hasConflict ? true : nil
        return settings
    }

    /// Its jobs in the order of the file, as far as what was filtered out lets it be known.
    fileprivate func plannedJobs() throws -> [PlannedJob] {
        guard let plan else { return [] }
        return try plan.jobs.map { try PlannedJob($0) }
            + plan.filtered.map { try PlannedJob($0.spec, skipReason: $0.reason) }
    }
}
