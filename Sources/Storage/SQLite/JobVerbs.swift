import Core
import GRDB

import struct Foundation.Date

/// A job that was taken over shows the worker and the steps of the job that ran.
extension SQLiteTransaction {
    func jobs(of build: BuildID) throws -> [Job] {
        try jobs(where: "j.build = ?", build.rawValue)
    }

    func job(_ id: JobID) throws -> Job? {
        try jobs(where: "j.id = ?", id.rawValue).first
    }

    private func jobs(where term: String, _ id: Int64) throws -> [Job] {
        var steps = try steps(where: term, id)
        for (job, gates) in try gateSteps(where: term, id) {
            steps[job, default: [:]].merge(gates) { $1 }
        }
        return try db.all(
            """
            SELECT j.id, j.build, j.name, j.spec, j.state, j.result, \(Self.waitingReason),
                j.reason, o.attempts, j.startedAt, j.finishedAt, a.worker
            FROM job j JOIN job o ON o.id = coalesce(j.sourceJob, j.id)
            LEFT JOIN attempt a ON a.job = o.id AND a.number = o.attempts
            WHERE \(term) ORDER BY j.id
            """,
            [id]
        ) { row in
            try job(row, steps: steps.removeValue(forKey: JobID(row[0])) ?? [:])
        }
    }

    private func job(_ row: Row, steps: [Int: StoredStep]) throws -> Job {
        let spec = (try? specs.spec(in: row[3])) ?? unreadableSpec(of: row[2])
        let startedAt = row.date(9)
        let state = Progress(jobState: row[4], hasStarted: startedAt != nil)
        return Job(
            id: JobID(row[0]),
            build: BuildID(row[1]),
            spec: spec,
            state: state,
            result: try row.wordIfAny(5),
            waitingReason: row[6],
            reason: row[7],
            worker: row[11],
            attempt: row[8],
            startedAt: startedAt,
            finishedAt: row.date(10),
            steps: initialSteps(of: spec).map { step in
                steps[step.index]?.applied(to: step)
                    ?? (state == .finished ? step.skipped : step)
            }
        )
    }

    /// An unreadable spec must not hide the job that has it, nor the others of its list.
    func unreadableSpec(of name: String) -> JobSpec { JobSpec(name: name, steps: []) }

    private func steps(where term: String, _ id: Int64) throws -> [JobID: [Int: StoredStep]] {
        var steps: [JobID: [Int: StoredStep]] = [:]
        _ = try db.all(
            """
            SELECT j.id, s.position, s.state, s.result, s.exitCode, s.reason, s.startedAt,
                s.finishedAt, s.logLength, s.logGap
            FROM job j JOIN job o ON o.id = coalesce(j.sourceJob, j.id)
            JOIN attempt a ON a.job = o.id AND a.number = o.attempts
            JOIN step s ON s.attempt = a.id WHERE \(term)
            """,
            [id]
        ) { row in steps[JobID(row[0]), default: [:]][row[1]] = try StoredStep(row) }
        return steps
    }
}

/// What became of a step; what it is, the job's spec says.
struct StoredStep {
    var state: Progress
    var result: BuildResult?
    var exitCode: Int?
    var reason: String?
    var startedAt: Date?
    var finishedAt: Date?
    var logLength: Int
    var logGap: String?

    init(_ row: Row) throws {
        state = try row.word(2)
        result = try row.wordIfAny(3)
        exitCode = row[4]
        reason = row[5]
        startedAt = row.date(6)
        finishedAt = row.date(7)
        logLength = row[8]
        logGap = row[9]
    }

    /// A gate, which no attempt runs.
    init(gate: Gate.State, reason: String?, reachedAt: Date?, endedAt: Date?) {
        state = gate == .waiting ? .running : .finished
        result =
            switch gate {
            case .waiting: nil
            case .open: .success
            case .rejected, .expired: .failure
            case .cancelled: .cancelled
            }
        self.reason = reason
        startedAt = reachedAt
        finishedAt = endedAt
        logLength = 0
    }

    func applied(to planned: Step) -> Step {
        Step(
            index: planned.index,
            name: planned.name,
            kind: planned.kind,
            state: state,
            result: result,
            exitCode: exitCode,
            reason: reason,
            startedAt: startedAt,
            finishedAt: finishedAt,
            logLength: logLength,
            logGap: logGap
        )
    }
}

extension Step {
    /// A step that its ended job never came to.
    fileprivate var skipped: Step {
        var step = self
        step.state = .finished
        step.result = .skipped
        return step
    }
}

extension Progress {
    /// A job that was only offered to a worker still waits.
    fileprivate init(jobState: String, hasStarted: Bool) {
        switch jobState {
        case JobState.finished: self = .finished
        case JobState.running: self = hasStarted ? .running : .waiting
        case _: self = .waiting
        }
    }
}
