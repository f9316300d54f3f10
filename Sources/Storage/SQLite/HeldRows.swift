import Core
import GRDB

import struct Foundation.Date

/// Builds that are held back, and what a person's word does to them.
extension SQLiteTransaction {
    func heldBuilds(limit: Int) throws -> [HeldBuild] {
        let limit = min(max(limit, 0), Self.listMax)
        let timed = try held(
            """
            SELECT DISTINCT h.build FROM (SELECT build, until FROM hold INDEXED BY holdByEnd
                WHERE until IS NOT NULL ORDER BY until, build LIMIT ?1) h
            JOIN build b ON b.id = h.build WHERE b.state <> 'finished' ORDER BY h.until
            """,
            limit
        )
        // The approvals that builds never got stay for their retries, so the newest are looked at.
        let untimed = try held(
            """
            SELECT DISTINCT h.build FROM (SELECT build FROM hold INDEXED BY holdWithoutEnd
                WHERE until IS NULL ORDER BY build DESC LIMIT \(Self.listMax)) h
            JOIN build b ON b.id = h.build WHERE b.state <> 'finished' ORDER BY h.build LIMIT ?1
            """,
            limit
        )
        let builds = timed + untimed.filter { !timed.contains($0) }
        return try builds.prefix(limit).compactMap { id in
            try build(id).map { HeldBuild(build: $0, holds: try holds(of: id)) }
        }
    }

    private func held(_ sql: String, _ limit: Int) throws -> [BuildID] {
        try db.all(sql, [limit]) { BuildID($0[0]) }
    }

    func begin(_ id: BuildID, by actor: String, at now: Date) throws -> HoldRelease? {
        guard let held = try build(id) else { return nil }
        let title = "Build #\(held.number) of \(held.repositoryName)"
        if held.state == .finished {
            throw StorageError(.conflict, "\(title) has ended: retry it.")
        }
        switch try holds(of: id).beginning {
        case .refused(let reason):
            throw StorageError(.conflict, "\(title) cannot begin now. \(reason)")
        case .early(let kinds):
            return try lift(kinds, of: held, by: actor, at: now)
        }
    }
}
