import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    /// In the order of the words: approval, concurrency, quiet, time.
    func holds(of build: BuildID) throws -> [BuildHold] {
        try db.all(
            "SELECT kind, until, subject, reason FROM hold WHERE build = ? ORDER BY kind",
            [build.rawValue],
            BuildHold.init
        )
    }

    func insert(_ holds: [BuildHold], of build: BuildID) throws {
        for hold in holds {
            try db.run(
                "INSERT INTO hold (build, kind, until, subject, reason) VALUES (?, ?, ?, ?, ?)",
                [
                    build.rawValue, hold.kind.rawValue, hold.until?.milliseconds, hold.subject,
                    hold.reason,
                ]
            )
        }
    }

    func lift(
        _ kind: BuildHold.Kind,
        of build: BuildID,
        by actor: String,
        at now: Date
    ) throws -> HoldRelease? {
        guard let held = try self.build(build) else { return nil }
        if held.state == .finished {
            throw StorageError(
                .conflict,
                "Build #\(held.number) of \(held.repositoryName) has ended: retry it."
            )
        }
        return try lift([kind], of: held, by: actor, at: now)
    }

    /// Takes off holds of kinds that a person's word lifts in the same way.
    func lift(
        _ kinds: [BuildHold.Kind],
        of held: Build,
        by actor: String,
        at now: Date
    ) throws -> HoldRelease {
        try atomically {
            for kind in kinds where try !remove(kind, of: held.id) {
                throw StorageError(
                    .conflict,
                    "Build #\(held.number) of \(held.repositoryName) is not held back for "
                        + "\(kind.rawValue): it is too late, or somebody was faster."
                )
            }
            try db.run(
                "UPDATE build SET reason = reason || ', ' || ? WHERE id = ?",
                [kinds.first?.lifted(by: actor), held.id.rawValue]
            )
            var release = HoldRelease()
            release.add(held.id, try goOn(held.id, at: now))
            return release
        }
    }

    func liftDue(limit: Int, at now: Date) throws -> HoldRelease {
        let due = try db.all(
            """
            SELECT build, kind FROM hold INDEXED BY holdByEnd
            WHERE until IS NOT NULL AND until <= ? ORDER BY until, build LIMIT ?
            """,
            [now.milliseconds, limit]
        ) { row in (build: BuildID(row[0]), kind: try row.word(1) as BuildHold.Kind) }
        var release = HoldRelease()
        for (build, kind) in due {
            try atomically {
                _ = try remove(kind, of: build)
                release.add(build, try goOn(build, at: now))
            }
        }
        return release
    }

    func nextHoldEnd() throws -> Date? {
        try db.first(
            """
            SELECT until FROM hold INDEXED BY holdByEnd
            WHERE until IS NOT NULL ORDER BY until LIMIT 1
            """
        ) { $0.date(0) } ?? nil
    }

    private func remove(_ kind: BuildHold.Kind, of build: BuildID) throws -> Bool {
        try db.change(
            "DELETE FROM hold WHERE build = ? AND kind = ?",
            [build.rawValue, kind.rawValue]
        ) == 1
    }

    /// Looks at a build again that lost a hold.
    private func goOn(_ id: BuildID, at now: Date) throws -> Settlement {
        guard let build = try build(id) else { return Settlement(hasFreedJobs: false) }
        if try holds(of: id).isEmpty { try enterGroup(build, at: now) }
        return try settle(id, isCancelled: build.cancelledBy != nil, at: now)
    }
}

extension HoldRelease {
    fileprivate mutating func add(_ build: BuildID, _ settlement: Settlement) {
        builds.append(build)
        hasFreedJobs = hasFreedJobs || settlement.hasFreedJobs
    }
}

extension BuildHold {
    fileprivate init(_ row: Row) throws {
        self.init(
            kind: try row.word(0),
            until: row.date(1),
            subject: row[2],
            reason: row[3]
        )
    }
}
