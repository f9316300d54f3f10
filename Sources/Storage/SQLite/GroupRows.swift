import Core
import GRDB

import struct Foundation.Date

/// The places of concurrency groups: who has one, who waits, who must go.
extension SQLiteTransaction {
    /// Gives a build that nothing else holds back a place of its group, or holds it back.
    func enterGroup(_ build: Build, at now: Date) throws {
        guard let spec = build.settings.concurrency else { return }
        let subject = "\(build.repository)/\(spec.group)"
        switch spec.policy(for: build.event) {
        case .queue: break
        case .cancel: try makeRoom(for: build, spec, subject, at: now)
        }
        let ahead = try waiting(for: subject)
        let holders = try holders(of: subject)
        if ahead == 0, holders.count < spec.limit { return try takePlace(build.id, subject) }
        let hold = BuildHold.concurrency(
            spec,
            subject: subject,
            holders: holders.map(\.number),
            ahead: ahead
        )
        try insert([hold], of: build.id)
    }

    /// Whether another build may begin now that this one has ended.
    func leaveGroup(_ build: BuildID, at now: Date) throws -> Bool {
        // Not RETURNING, for which SQLite makes a table each time: mostly there is no place.
        let place = try db.first(
            "SELECT subject FROM place WHERE build = ?",
            [build.rawValue]
        ) { $0[0] as String }
        guard let subject = place else { return false }
        try db.run("DELETE FROM place WHERE build = ?", [build.rawValue])
        var hasAdmitted = false
        while let next = try first(waitingFor: subject) {
            let limit = next.settings.concurrency?.limit ?? 1
            guard try holders(of: subject).count < limit else { break }
            try db.run(
                "DELETE FROM hold WHERE build = ? AND kind = 'concurrency'",
                [next.id.rawValue]
            )
            try takePlace(next.id, subject)
            ripples.add(next.id)
            _ = try settle(next.id, isCancelled: next.cancelledBy != nil, at: now)
            hasAdmitted = true
        }
        return hasAdmitted
    }

    func cancelledAttempts() throws -> [AttemptID] {
        try db.all(
            """
            SELECT a.id FROM attempt a INDEXED BY attemptLive JOIN job j ON j.id = a.job
            JOIN build b ON b.id = j.build WHERE \(Self.isLive) AND b.cancelledBy IS NOT NULL
            """
        ) { AttemptID($0[0]) }
    }

    /// Cancels what waits in the group, and the oldest of what runs, so that one place is free
    /// as soon as their workers have let go.
    private func makeRoom(
        for build: Build,
        _ spec: ConcurrencySpec,
        _ subject: String,
        at now: Date
    ) throws {
        let actor = "build #\(build.number), which is newer"
        while let queued = try first(waitingFor: subject) {
            ripples.add(queued.id)
            _ = try cancel(queued.id, by: actor, at: now)
        }
        let running = try holders(of: subject).filter { !$0.isCancelled }
        for older in running.dropLast(spec.limit - 1) {
            ripples.add(older.id)
            _ = try cancel(older.id, by: actor, at: now)
        }
    }

    private func takePlace(_ build: BuildID, _ subject: String) throws {
        try db.run(
            "INSERT INTO place (build, subject) VALUES (?, ?)",
            [build.rawValue, subject]
        )
    }

    /// Oldest first.
    private func holders(of subject: String) throws -> [Holder] {
        try db.all(
            """
            SELECT p.build, b.number, b.cancelledBy IS NOT NULL
            FROM place p JOIN build b ON b.id = p.build WHERE p.subject = ? ORDER BY p.build
            """,
            [subject]
        ) { Holder(id: BuildID($0[0]), number: $0[1], isCancelled: $0[2]) }
    }

    private func first(waitingFor subject: String) throws -> Build? {
        let id = try db.first(
            """
            SELECT build FROM hold WHERE kind = 'concurrency' AND subject = ?
            ORDER BY build LIMIT 1
            """,
            [subject]
        ) { BuildID($0[0]) }
        return try id.flatMap { try build($0) }
    }

    private func waiting(for subject: String) throws -> Int {
        try db.first(
            "SELECT count(*) FROM hold WHERE kind = 'concurrency' AND subject = ?",
            [subject]
        ) { $0[0] } ?? 0
    }
}

/// A build that has a place.
private struct Holder {
    var id: BuildID
    var number: Int
    var isCancelled: Bool
}
