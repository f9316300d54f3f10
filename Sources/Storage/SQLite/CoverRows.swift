import Core
import GRDB

import struct Foundation.Date

/// Commits that a build answers for beside its own.
extension SQLiteTransaction {
    /// Of one merge, and of one list.
    private static let coveredMax = 200

    func covers(of build: BuildID) throws -> [CoveredCommit] {
        try db.all(
            """
            WITH RECURSIVE merged(id, origin, sha, subject, author) AS (
                SELECT id, origin, sha, subject, author FROM cover WHERE build = ?1
                UNION ALL
                SELECT c.id, c.origin, c.sha, c.subject, c.author
                FROM merged m JOIN cover c ON c.build = m.origin
                LIMIT ?2)
            SELECT sha, subject, author, origin FROM merged ORDER BY id DESC
            """,
            [build.rawValue, Self.coveredMax],
            CoveredCommit.init
        )
    }

    func coverer(of build: BuildID) throws -> BuildID? {
        try db.first("SELECT build FROM cover WHERE origin = ?", [build.rawValue]) { row in
            BuildID(row[0])
        }
    }

    /// What a build about to be written will cover, newest first.
    func covered(by plan: PlannedBuild, in repository: RepositoryID) throws -> [CoveredCommit] {
        let passed = plan.event == .push ? try passed(before: plan, in: repository) : []
        guard plan.merges else { return passed }
        let merged = try queued(like: plan, in: repository).reversed().flatMap { build in
            [build.commit] + (try covers(of: build.id))
        }
        return merged + passed
    }

    /// Ends what is queued for the same ref, or has it wait as long as the build does.
    func cover(for build: Build, _ plan: PlannedBuild, at now: Date) throws {
        let queued = try queued(like: plan, in: build.repository).filter { $0.id != build.id }
        if plan.merges {
            for older in queued {
                try insert(older.commit, coveredBy: build.id)
                ripples.add(older.id)
                let newer = "build #\(build.number)"
                _ = try settle(older.id, isCancelled: false, coveredBy: newer, at: now)
            }
        } else if let quiet = plan.holds.first(where: { $0.kind == .quiet }) {
            for older in queued { try restart(quiet, of: older.id, at: now) }
        }
        if plan.event == .push { try takeUp(passedBefore: plan, build) }
    }

    private func passed(
        before plan: PlannedBuild,
        in repository: RepositoryID
    ) throws -> [CoveredCommit] {
        try db.all(
            """
            SELECT sha, subject, author, NULL FROM passedPush
            WHERE repository = ? AND ref = ? AND pipeline = ? ORDER BY id DESC
            """,
            [repository.rawValue, plan.ref, plan.pipeline],
            CoveredCommit.init
        )
    }

    private func takeUp(passedBefore plan: PlannedBuild, _ build: Build) throws {
        let place: StatementArguments = [build.repository.rawValue, plan.ref, plan.pipeline]
        try db.run(
            """
            INSERT INTO cover (build, sha, subject, author)
            SELECT ?4, sha, subject, author FROM passedPush
            WHERE repository = ?1 AND ref = ?2 AND pipeline = ?3 ORDER BY id
            """,
            place + [build.id.rawValue]
        )
        try db.run(
            "DELETE FROM passedPush WHERE repository = ? AND ref = ? AND pipeline = ?",
            place
        )
    }

    /// Keeps a push that started no build of a pipeline for the next one; the oldest are let go.
    func pass(_ pipeline: String, _ change: Change) throws {
        let place: StatementArguments = [change.repository.rawValue, change.ref, pipeline]
        try db.run(
            """
            INSERT INTO passedPush (repository, ref, pipeline, sha, subject, author)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            place + [
                change.commit.sha, Subject.of(change.commit.message), change.commit.author,
            ]
        )
        try db.run(
            """
            DELETE FROM passedPush WHERE id IN (
                SELECT id FROM passedPush WHERE repository = ? AND ref = ? AND pipeline = ?
                ORDER BY id DESC LIMIT -1 OFFSET ?)
            """,
            place + [Self.coveredMax]
        )
    }

    private func queued(
        like plan: PlannedBuild,
        in repository: RepositoryID
    ) throws -> [QueuedBuild] {
        guard plan.merges || plan.holds.contains(where: { $0.kind == .quiet }) else { return [] }
        return try db.all(
            """
            SELECT b.id, b.sha, b.message, b.author FROM build b INDEXED BY buildQueued
            WHERE b.repository = ? AND b.ref = ? AND b.pipeline = ? AND b.state = 'waiting'
                AND b.event = ? AND b.retryOf IS NULL AND b.cancelledBy IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM job j WHERE j.build = b.id
                        AND j.state NOT IN ('blocked', 'ready', 'finished'))
                AND EXISTS (SELECT 1 FROM job j WHERE j.build = b.id)
            ORDER BY b.id LIMIT ?
            """,
            [
                repository.rawValue, plan.ref, plan.pipeline, plan.event.rawValue,
                Self.coveredMax,
            ]
        ) { row in
            let id = BuildID(row[0])
            return QueuedBuild(
                id: id,
                commit: CoveredCommit(
                    sha: row[1],
                    subject: Subject.of(row[2]),
                    author: row[3],
                    build: id
                )
            )
        }
    }

    private func insert(_ commit: CoveredCommit, coveredBy build: BuildID) throws {
        try db.run(
            "INSERT INTO cover (build, origin, sha, subject, author) VALUES (?, ?, ?, ?, ?)",
            [
                build.rawValue, commit.build?.rawValue, commit.sha, commit.subject,
                commit.author,
            ]
        )
    }

    private func restart(_ quiet: BuildHold, of build: BuildID, at now: Date) throws {
        try db.run(
            "UPDATE hold SET until = ?, reason = ? WHERE build = ? AND kind = 'quiet'",
            [quiet.until?.milliseconds, quiet.reason, build.rawValue]
        )
        _ = try settle(build, isCancelled: false, at: now)
    }
}

/// A build that no worker has begun.
private struct QueuedBuild {
    var id: BuildID
    var commit: CoveredCommit
}

/// The first line of a message, short enough to be one of many.
private enum Subject {
    static func of(_ message: String) -> String {
        let line = message.split(separator: "\n", maxSplits: 1).first ?? ""
        return String(line.prefix(200))
    }
}

extension PlannedBuild {
    var merges: Bool { settings.merges(event, ref: ref, isRetry: retryOf != nil) }
}

extension CoveredCommit {
    fileprivate init(_ row: Row) {
        self.init(
            sha: row[0],
            subject: row[1],
            author: row[2],
            build: (row[3] as Int64?).map { BuildID($0) }
        )
    }
}
