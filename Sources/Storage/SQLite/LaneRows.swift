import Core
import GRDB

import struct Foundation.Date

/// Lanes as the queue's index holds them: no row of their own, but a place in it.
extension SQLiteTransaction {
    /// Of one dispatch; beyond it, lanes wait until others are empty.
    private static let lanesMax = 4_096
    /// Jobs that end at once because their lane is unreadable.
    private static let unreadableMax = 500

    /// The lanes in which a job waits for a worker; those that make no sense are cleared away.
    ///
    /// Each is found by one seek, however many jobs wait in it: behind the greatest rank there is,
    /// the index goes on with the next lane. By the lane alone SQLite would seek its first row, and
    /// step over all others.
    func openLanes(at now: Date) throws -> [LaneRow] {
        var lanes: [LaneRow] = []
        var last: (Int64, String, String) = (-1, "", "")
        for _ in 0..<Self.lanesMax {
            let next = try db.first(
                """
                SELECT repository, labels, locks FROM job
                WHERE state = 'ready' AND (repository, labels, locks, rank) > (?, ?, ?, ?)
                ORDER BY repository, labels, locks, rank LIMIT 1
                """,
                [last.0, last.1, last.2, Int64.max]
            ) { ($0[0] as Int64, $0[1] as String, $0[2] as String) }
            guard let next else { break }
            last = next
            if let lane = LaneRow(RepositoryID(next.0), next.1, next.2) {
                lanes.append(lane)
            } else {
                try giveUpLane(next, at: now)
            }
        }
        return lanes
    }

    private func giveUpLane(_ lane: (Int64, String, String), at now: Date) throws {
        let ids = try db.all(
            """
            SELECT id FROM job
            WHERE state = 'ready' AND repository = ? AND labels = ? AND locks = ?
            ORDER BY rank, id LIMIT ?
            """,
            [lane.0, lane.1, lane.2, Self.unreadableMax]
        ) { JobID($0[0]) }
        for id in ids { try giveUp(id, at: now) }
    }

    /// The lane with the first jobs in line.
    func lane(_ row: LaneRow, first count: Int) throws -> Lane {
        var jobs: [LaneJob] = []
        if count > 0 {
            jobs = try db.all(
                """
                SELECT id, rank, image FROM job
                WHERE state = 'ready' AND repository = ? AND labels = ? AND locks = ?
                ORDER BY rank, id LIMIT ?
                """,
                [row.repository.rawValue, row.labelsText, row.locksText, count + 1]
            ) { LaneJob(id: JobID($0[0]), rank: Date(milliseconds: $0[1]), image: $0[2]) }
        }
        return Lane(
            repository: row.repository,
            labels: row.labels,
            locks: row.locks,
            jobs: Array(jobs.prefix(count)),
            hasMore: jobs.count > count
        )
    }

    /// How many jobs run of each repository; of one alone nobody asks.
    func running(besides lanes: [LaneRow]) throws -> [RepositoryID: Int] {
        guard let first = lanes.first, lanes.last?.repository != first.repository else {
            return [:]
        }
        let counts = try db.all(
            """
            SELECT repository, count(*) FROM job INDEXED BY jobRunning
            WHERE state = 'running' GROUP BY repository
            """
        ) { (RepositoryID($0[0]), $0[1] as Int) }
        return Dictionary(counts) { $1 }
    }

    private func sentence(of reason: WaitingReason) throws -> String {
        switch reason {
        case .locked(let lock, let holders):
            try WaitingReason.locked(lock, by: holders.map(named)).sentence
        case .behind(let job, let lock):
            try WaitingReason.behind(named(job), lock: lock).sentence
        case .noWorker, .noWorkerWithLabels, .workersAway, .workersPaused, .workersQuarantined,
            .workersTroubled, .workersBusy, .queuePaused, .lockTooSmall:
            reason.sentence
        }
    }

    /// Records why the jobs of each lane wait, where that has changed.
    func explain(_ lanes: [LaneRow], _ reasons: [Int: WaitingReason]) throws {
        var known: [LaneRow.Place: String] = [:]
        _ = try db.all("SELECT repository, labels, locks, reason FROM lane") { row in
            known[LaneRow.Place(repository: row[0], labels: row[1], locks: row[2])] = row[3]
        }
        for (index, lane) in lanes.enumerated() {
            guard let reason = try reasons[index].map(sentence) else { continue }
            let told = known.removeValue(forKey: lane.place)
            if told == reason { continue }
            try db.run(
                """
                INSERT INTO lane (repository, labels, locks, reason) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET reason = excluded.reason
                """,
                [lane.place.repository, lane.place.labels, lane.place.locks, reason]
            )
        }
        for place in known.keys {
            try db.run(
                "DELETE FROM lane WHERE repository = ? AND labels = ? AND locks = ?",
                [place.repository, place.labels, place.locks]
            )
        }
    }
}

/// A lane as the index names it.
struct LaneRow {
    struct Place: Hashable {
        var repository: Int64
        var labels: String
        var locks: String
    }

    var place: Place
    var labels: [String]
    var locks: [LockDemand]

    var repository: RepositoryID { RepositoryID(place.repository) }
    var labelsText: String { place.labels }
    var locksText: String { place.locks }

    /// Nil when the columns hold no lists.
    init?(_ repository: RepositoryID, _ labels: String, _ locks: String) {
        guard let read = try? Text.list(in: labels), let demands = try? Text.demands(in: locks)
        else { return nil }
        place = Place(repository: repository.rawValue, labels: labels, locks: locks)
        self.labels = read
        self.locks = demands
    }
}
