import Core
import GRDB

import struct Foundation.Date

/// Reads a snapshot of the queue, lets Core decide, and writes what it decided.
extension SQLiteTransaction {
    /// Of one lane, in one dispatch.
    private static let assignmentsMax = 1_000

    func dispatch(to workers: [WorkerSnapshot], at now: Date) throws -> [Offer] {
        try atomically {
            let lanes = try openLanes(at: now)
            let pauses = try queuePauses()
            let running = try running(besides: lanes)
            let locks = try lockBook(for: lanes)
            let limit = LaneLimit(workers, max: Self.assignmentsMax)
            // Mostly enough for each lane's share; who runs dry is asked again for more.
            var depth = min(limit.free, 4 + 2 * limit.free / max(lanes.count, 1))
            while true {
                let queue = QueueSnapshot(
                    lanes: try lanes.map { row in
                        var lane = try lane(row, first: limit.count(of: row, upTo: depth))
                        lane.pause = pauses[row.labelsText]
                        return lane
                    },
                    running: running,
                    locks: locks
                )
                let dispatch = assign(queue, to: workers)
                guard dispatch.dryLanes.isEmpty || depth >= limit.free else {
                    depth = min(4 * depth, limit.free)
                    continue
                }
                let offers = try dispatch.assignments.compactMap { try offer($0, at: now) }
                try explain(lanes, dispatch.reasons)
                return offers
            }
        }
    }

    /// One bad row ends as an exception, which a person sees, and stops nothing else.
    func giveUp(_ id: JobID, at now: Date) throws {
        try end(id, .exception, reason: Waiting.unreadable, at: now)
        let build = try db.first(
            "SELECT build FROM job WHERE id = ?",
            [id.rawValue]
        ) { BuildID($0[0]) }
        if let build { _ = try settle(build, isCancelled: false, at: now) }
    }

    func offer(_ assignment: Assignment, at now: Date) throws -> Offer? {
        let found = try db.first(
            """
            SELECT \(Build.columns), j.spec, j.fence, j.attempts, j.passed
            FROM job j JOIN build b ON b.id = j.build JOIN repository r ON r.id = b.repository
            WHERE j.id = ?
            """,
            [assignment.job.rawValue]
        ) { row in
            (
                build: try Build(row), spec: row[Build.columnCount] as String,
                fence: row[Build.columnCount + 1] as Int,
                attempts: row[Build.columnCount + 2] as Int,
                passed: row[Build.columnCount + 3] as Int
            )
        }
        guard let found else { return nil }
        guard let spec = try? specs.spec(in: found.spec) else {
            try giveUp(assignment.job, at: now)
            return nil
        }
        let attempt = try insertAttempt(
            assignment,
            number: found.attempts + 1,
            fence: found.fence + 1,
            at: now
        )
        if found.passed > 0 {
            try copySteps(of: assignment.job, before: attempt.number, to: attempt.id)
        }
        return Offer(
            attempt: attempt,
            job: assignment.job,
            spec: try continued(spec, of: assignment.job, behind: found.passed),
            document: found.passed > 0 ? nil : found.spec,
            build: found.build
        )
    }

    private func insertAttempt(
        _ assignment: Assignment,
        number: Int,
        fence: Int,
        at now: Date
    ) throws -> Attempt {
        try db.run(
            "UPDATE job SET state = 'running', fence = ?, attempts = ?, waitingReason = ? "
                + "WHERE id = ?",
            [fence, number, Waiting.offered(to: assignment.worker), assignment.job.rawValue]
        )
        try db.run(
            """
            INSERT INTO attempt (job, number, worker, fence, state, offeredAt)
            VALUES (?, ?, ?, ?, 'offered', ?)
            """,
            [
                assignment.job.rawValue, number, assignment.worker, fence, now.milliseconds,
            ]
        )
        return Attempt(
            id: AttemptID(db.lastInsertedRowID),
            job: assignment.job,
            number: number,
            worker: assignment.worker,
            fence: fence,
            state: .offered
        )
    }
}

/// How many jobs of a lane are worth looking at.
private struct LaneLimit {
    /// Slots that wait for a job, in all.
    let free: Int
    private let labels: Set<Set<String>>

    init(_ workers: [WorkerSnapshot], max: Int) {
        let open = workers.filter {
            $0.isAsking && !$0.isPaused && !$0.isQuarantined && $0.trouble == nil
                && $0.freeSlots > 0
        }
        free = min(open.reduce(0) { $0 + $1.freeSlots }, max)
        labels = Set(open.map(\.labels))
    }

    /// A lane that nobody can take a job of shows none, unless others wait behind it at a lock.
    func count(of lane: LaneRow, upTo depth: Int) -> Int {
        let isOpen = labels.contains { $0.isSuperset(of: lane.labels) }
        return isOpen ? depth : lane.locks.isEmpty ? 0 : 1
    }
}
