import Core
import GRDB

import struct Foundation.Date

/// What an attempt leaves behind: its steps and its artifacts.
extension SQLiteTransaction {
    /// Brings the steps up to date; what has finished stays as it is, however late a message is.
    func write(_ steps: [Step], logDigests: [Int: String], of held: HeldAttempt) throws {
        for step in steps {
            guard (0..<held.stepCount).contains(step.index) else {
                throw StorageError(
                    .conflict,
                    "The job has no step \(step.index): its steps are 0 to \(held.stepCount - 1)."
                )
            }
            try db.run(
                """
                INSERT INTO step (attempt, position, state, result, exitCode, reason, startedAt,
                    finishedAt, logLength, logGap, logDigest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (attempt, position) DO UPDATE SET
                    state = excluded.state, result = excluded.result,
                    exitCode = excluded.exitCode, reason = excluded.reason,
                    startedAt = excluded.startedAt, finishedAt = excluded.finishedAt,
                    logLength = max(logLength, excluded.logLength), logGap = excluded.logGap,
                    logDigest = excluded.logDigest
                WHERE state <> 'finished'
                    AND NOT (state = 'running' AND excluded.state = 'waiting')
                """,
                [
                    held.attempt.id.rawValue, step.index, step.state.rawValue,
                    step.result?.rawValue, step.exitCode, step.reason,
                    step.startedAt?.milliseconds, step.finishedAt?.milliseconds, step.logLength,
                    step.logGap, logDigests[step.index],
                ]
            )
        }
    }

    /// Ends the steps of an attempt that ended before they did.
    func closeSteps(
        of id: AttemptID,
        as result: BuildResult,
        reason: String,
        at now: Date
    ) throws {
        try db.run(
            """
            UPDATE step SET state = 'finished', result = ?, reason = ?, finishedAt = ?
            WHERE attempt = ? AND state = 'running'
            """,
            [result.rawValue, reason, now.milliseconds, id.rawValue]
        )
    }

    /// Of two with the same name, the first counts.
    func write(_ artifacts: [ArtifactDraft], of job: JobID, at now: Date) throws {
        for artifact in artifacts {
            try db.run(
                """
                INSERT INTO artifact (job, name, digest, files, bytes, createdAt)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (job, name) DO NOTHING
                """,
                [
                    job.rawValue, artifact.name, artifact.digest, artifact.files,
                    artifact.bytes, now.milliseconds,
                ]
            )
        }
    }
}
