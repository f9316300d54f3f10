import Core
import GRDB

import struct Foundation.Date

/// What a job has done before a gate, and carries over to the attempts behind it.
extension SQLiteTransaction {
    func spec(of job: JobID) throws -> JobSpec? {
        let text = try db.first("SELECT spec FROM job WHERE id = ?", [job.rawValue]) {
            $0[0] as String
        }
        return text.flatMap { try? specs.spec(in: $0) }
    }

    func carried(by job: JobID) throws -> EarlierSteps? {
        let text = try db.first("SELECT carried FROM job WHERE id = ?", [job.rawValue]) {
            $0[0] as String?
        }
        return try (text ?? nil).map { try Text.value(EarlierSteps.self, in: $0) }
    }

    /// Ends an attempt at a gate: the job waits there, and keeps what it did.
    func endAtGate(
        _ position: Int,
        _ held: HeldAttempt,
        _ end: AttemptEnd,
        at now: Date
    ) throws -> JobEnd {
        let job = held.attempt.job
        let did = EarlierSteps(
            result: max(end.result, .success),
            variables: end.variables,
            outputs: end.outputs
        )
        let carried = try carried(by: job)?.followed(by: did) ?? did
        try db.run(
            "UPDATE job SET carried = ? WHERE id = ?",
            [try Text.of(carried), job.rawValue]
        )
        try reachGate(of: job, at: position, now)
        return held.end(Settlement(verdict: nil, hasFreedJobs: false))
    }

    /// The document for an attempt at a job that has passed a gate.
    func continued(_ spec: JobSpec, of job: JobID, behind passed: Int) throws -> JobSpec {
        guard passed > 0 else { return spec }
        let kept = try db.all("SELECT name FROM artifact WHERE job = ?", [job.rawValue]) {
            $0[0] as String
        }
        return spec.continued(
            behind: passed,
            after: try carried(by: job),
            keeping: Set(kept)
        )
    }

    /// Shows the steps of earlier attempts as those of a new one.
    func copySteps(of job: JobID, before number: Int, to attempt: AttemptID) throws {
        try db.run(
            """
            INSERT INTO step (attempt, position, state, result, exitCode, reason, startedAt,
                finishedAt, logLength, logGap, logDigest, source)
            SELECT ?, s.position, s.state, s.result, s.exitCode, s.reason, s.startedAt,
                s.finishedAt, s.logLength, s.logGap, s.logDigest, coalesce(s.source, s.attempt)
            FROM attempt a JOIN step s ON s.attempt = a.id JOIN job j ON j.id = a.job
            WHERE a.job = ? AND a.number = ? AND s.position BETWEEN 1 AND j.passed
                AND s.state = 'finished'
            """,
            [attempt.rawValue, job.rawValue, number - 1]
        )
    }

    func attempt(withLogOf step: Int, of job: JobID) throws -> AttemptID? {
        try db.first(
            """
            SELECT coalesce(s.source, a.id)
            FROM job j JOIN attempt a ON a.job = coalesce(j.sourceJob, j.id)
            LEFT JOIN step s ON s.attempt = a.id AND s.position = ?
            WHERE j.id = ? ORDER BY a.number DESC LIMIT 1
            """,
            [step, job.rawValue]
        ) { AttemptID($0[0]) }
    }

    /// The gates of jobs, as steps of theirs.
    func gateSteps(where term: String, _ id: Int64) throws -> [JobID: [Int: StoredStep]] {
        var steps: [JobID: [Int: StoredStep]] = [:]
        _ = try db.all(
            """
            SELECT j.id, g.position, g.state, g.reason, g.reachedAt, g.endedAt
            FROM job j JOIN gate g ON g.job = coalesce(j.sourceJob, j.id) WHERE \(term)
            """,
            [id]
        ) { row in
            let state: Gate.State = try row.word(2)
            steps[JobID(row[0]), default: [:]][row[1]] = StoredStep(
                gate: state,
                reason: row[3],
                reachedAt: row.date(4),
                endedAt: row.date(5)
            )
        }
        return steps
    }
}
