import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    private static let schedule = """
        SELECT id, repository, pipeline, cron, timezone, onlyIfChanged, forceEvery, missed, nextAt,
            lastSHA, lastAt
        FROM schedule
        """

    func schedules(of repository: RepositoryID) throws -> [Schedule] {
        try db.all(
            "\(Self.schedule) WHERE repository = ? ORDER BY nextAt, id",
            [repository.rawValue],
            Schedule.init
        )
    }

    func unscheduled() throws -> [(repository: Repository, sha: String?)] {
        let moved = try db.all(
            """
            SELECT r.name, f.sha FROM repository r
            LEFT JOIN ref f ON f.repository = r.id AND f.name = ? || r.defaultBranch
            WHERE r.scheduledFrom IS NOT f.sha
            """,
            [Ref.branchPrefix]
        ) { row in (name: row[0] as String, sha: row[1] as String?) }
        return try moved.compactMap { name, sha in
            try repository(named: name).map { ($0, sha) }
        }
    }

    func replaceSchedules(
        of repository: RepositoryID,
        with schedules: [Schedule],
        readFrom sha: String?
    ) throws {
        try atomically {
            let old = try self.schedules(of: repository)
            for schedule in schedules { try put(schedule) }
            for left in old where !schedules.contains(where: { $0.isSame(as: left) }) {
                try db.run("DELETE FROM schedule WHERE id = ?", [left.id])
            }
            try db.run(
                "UPDATE repository SET scheduledFrom = ? WHERE id = ?",
                [sha, repository.rawValue]
            )
        }
    }

    private func put(_ schedule: Schedule) throws {
        try db.run(
            """
            INSERT INTO schedule (repository, pipeline, cron, timezone, onlyIfChanged, forceEvery,
                missed, nextAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (repository, pipeline, cron, timezone) DO UPDATE SET
                onlyIfChanged = excluded.onlyIfChanged, forceEvery = excluded.forceEvery,
                missed = excluded.missed
            """,
            [
                schedule.repository.rawValue, schedule.pipeline, schedule.cron,
                schedule.timezone, schedule.onlyIfChanged, schedule.forceEvery?.seconds,
                schedule.missed.rawValue, schedule.nextAt.milliseconds,
            ]
        )
    }

    func dueSchedules(limit: Int, at now: Date) throws -> [Schedule] {
        try db.all(
            "\(Self.schedule) WHERE nextAt <= ? ORDER BY nextAt, id LIMIT ?",
            [now.milliseconds, limit],
            Schedule.init
        )
    }

    func nextScheduleAt() throws -> Date? {
        try db.first("SELECT nextAt FROM schedule ORDER BY nextAt LIMIT 1") { $0.date(0) } ?? nil
    }

    func fire(
        _ schedule: Schedule,
        next: Date?,
        starting builds: [BuildDraft],
        for change: Change,
        at now: Date
    ) throws -> [Build]? {
        try atomically {
            guard try advance(schedule, to: next) else { return nil }
            if builds.isEmpty { return [] }
            try db.run(
                "UPDATE schedule SET lastSHA = ?, lastAt = ? WHERE id = ?",
                [change.commit.sha, now.milliseconds, schedule.id]
            )
            return try create(builds, for: change, at: now)
        }
    }

    /// Whether it stood where the schedule was read.
    private func advance(_ schedule: Schedule, to next: Date?) throws -> Bool {
        guard let next else {
            return try db.change(
                "DELETE FROM schedule WHERE id = ? AND nextAt = ?",
                [schedule.id, schedule.nextAt.milliseconds]
            ) == 1
        }
        return try db.change(
            "UPDATE schedule SET nextAt = ? WHERE id = ? AND nextAt = ?",
            [next.milliseconds, schedule.id, schedule.nextAt.milliseconds]
        ) == 1
    }
}

extension Schedule {
    fileprivate func isSame(as other: Schedule) -> Bool {
        pipeline == other.pipeline && cron == other.cron && timezone == other.timezone
    }

    fileprivate init(_ row: Row) throws {
        self.init(
            id: row[0],
            repository: RepositoryID(row[1]),
            pipeline: row[2],
            cron: row[3],
            timezone: row[4],
            onlyIfChanged: row[5],
            forceEvery: (row[6] as Int?).map { .seconds($0) },
            missed: try row.word(7),
            nextAt: Date(milliseconds: row[8]),
            lastSHA: row[9],
            lastAt: row.date(10)
        )
    }
}
