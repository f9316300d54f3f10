import Core
import GRDB

/// An attempt with what the verbs on it decide by.
struct HeldAttempt {
    var attempt: Attempt
    var build: BuildID
    var allowsFailure: Bool
    /// With the setup.
    var stepCount: Int
    /// The whole build.
    var isBuildCancelled: Bool
    /// Why nothing will come of this job alone.
    var stopReason: String?
    var hasBuildStarted: Bool
    var buildResult: BuildResult?
    /// Steps that earlier attempts have done, for good.
    var passed: Int
    /// Whether anything is held against the worker.
    var isWorkerSuspect: Bool

    var isCancelled: Bool { isBuildCancelled || stopReason != nil }

    var isLive: Bool {
        switch attempt.state {
        case .offered, .running: true
        case .finished, .lost: false
        }
    }

    func end(_ settlement: Settlement) -> JobEnd {
        JobEnd(
            build: build,
            job: attempt.job,
            buildResult: settlement.verdict,
            hasFreedJobs: settlement.hasFreedJobs,
            stopped: settlement.stopped
        )
    }

    /// The answer to an end that was told before: what follows from it has followed.
    var earlierEnd: JobEnd {
        JobEnd(build: build, job: attempt.job, buildResult: buildResult, hasFreedJobs: false)
    }
}

extension SQLiteTransaction {
    func held(_ id: AttemptID) throws -> HeldAttempt? {
        try db.first(
            """
            SELECT \(Attempt.columns), j.build, j.allowFailure, j.stepCount,
                b.cancelledBy IS NOT NULL, b.startedAt IS NOT NULL, b.result, j.stopReason, j.passed,
                w.failures > 0
            FROM attempt a JOIN job j ON j.id = a.job JOIN build b ON b.id = j.build
                LEFT JOIN worker w ON w.name = a.worker
            WHERE a.id = ?
            """,
            [id.rawValue],
            HeldAttempt.init
        )
    }

    /// The attempt, if whoever knows this fence may still speak for it.
    func held(
        _ id: AttemptID,
        fence: Int,
        orFinished isFinishedFine: Bool = false
    ) throws -> HeldAttempt {
        guard let held = try held(id), held.attempt.fence == fence,
            held.isLive || (isFinishedFine && held.attempt.state == .finished)
        else {
            throw StorageError(
                .staleFence,
                "Attempt \(id) with fence \(fence) has ended or was given to another worker: "
                    + "stop its containers and ask for new work."
            )
        }
        return held
    }
}

extension HeldAttempt {
    fileprivate init(_ row: Row) throws {
        let rest = Attempt.columnCount
        self.init(
            attempt: try Attempt(row),
            build: BuildID(row[rest]),
            allowsFailure: row[rest + 1],
            stepCount: row[rest + 2],
            isBuildCancelled: row[rest + 3],
            stopReason: row[rest + 6],
            hasBuildStarted: row[rest + 4],
            buildResult: try row.wordIfAny(rest + 5),
            passed: row[rest + 7],
            isWorkerSuspect: row[rest + 8] ?? false
        )
    }
}
