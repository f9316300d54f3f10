import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    func accept(_ id: AttemptID, fence: Int, at now: Date) throws {
        let held = try held(id, fence: fence)
        if held.attempt.state == .running { return }
        try atomically {
            try db.run(
                "UPDATE attempt SET state = 'running', acceptedAt = ? WHERE id = ?",
                [now.milliseconds, held.attempt.id.rawValue]
            )
            try begin(held, at: now)
        }
    }

    /// Shows job and build as begun.
    private func begin(_ held: HeldAttempt, at now: Date) throws {
        try db.run(
            "UPDATE job SET startedAt = coalesce(startedAt, ?), waitingReason = NULL WHERE id = ?",
            [now.milliseconds, held.attempt.job.rawValue]
        )
        if !held.hasBuildStarted { try markRunning(held.build, at: now) }
    }

    func record(_ steps: [Step], of id: AttemptID, fence: Int, at now: Date) throws {
        let held = try held(id, fence: fence)
        try atomically { try write(steps, logDigests: [:], of: held) }
    }

    func finish(
        _ end: AttemptEnd,
        of id: AttemptID,
        fence: Int,
        at now: Date
    ) throws -> JobEnd {
        let held = try held(id, fence: fence, orFinished: true)
        if held.attempt.state == .finished { return held.earlierEnd }
        return try atomically {
            try write(end.steps, logDigests: end.logDigests, of: held)
            let isMidway = end.steps.contains { $0.state == .running }
            if held.attempt.state == .running || isMidway {
                try closeSteps(of: id, as: .exception, reason: "its end was not told", at: now)
            }
            try write(end.artifacts, of: held.attempt.job, at: now)
            try keep(summary: end.summary, of: held)
            let end = try joined(end, to: held, at: now)
            try db.run(
                """
                UPDATE attempt SET state = 'finished', result = ?, reason = ?, endedAt = ?,
                    acceptedAt = coalesce(acceptedAt, ?)
                WHERE id = ?
                """,
                [
                    end.result.rawValue, end.reason, now.milliseconds, now.milliseconds,
                    id.rawValue,
                ]
            )
            try note(end, of: held, at: now)
            if let gate = end.gate, gate > held.passed, !held.isCancelled {
                if held.attempt.state == .offered { try begin(held, at: now) }
                return try endAtGate(gate, held, end, at: now)
            }
            let earlier = held.passed > 0 ? try carried(by: held.attempt.job) : nil
            let result = verdict(
                onEndWith: max(end.result, earlier?.result ?? end.result),
                allowsFailure: held.allowsFailure,
                isCancelled: held.isCancelled
            )
            return try self.end(
                held,
                result,
                reason: held.stopReason ?? end.reason,
                outputs: (earlier?.outputs ?? [:]).merging(end.outputs) { $1 },
                // A worker that finished has accepted, whether it said so or not.
                began: held.attempt.state == .offered ? now : nil,
                at: now
            )
        }
    }

    /// The end, with its additions in the build; a job that asked for nonsense has failed.
    private func joined(
        _ end: AttemptEnd,
        to held: HeldAttempt,
        at now: Date
    ) throws -> AttemptEnd {
        guard end.result.isGreen, !held.isCancelled,
            let problem = try join(end.additions, to: held, at: now)
        else { return end }
        var end = end
        end.result = .failure
        end.gate = nil
        end.reason = String("the jobs it asked for: \(problem)".prefix(2_000))
        return end
    }

    func lose(
        _ id: AttemptID,
        reason: String,
        isForgotten: Bool,
        at now: Date
    ) throws -> AttemptLoss {
        guard let held = try held(id), held.isLive else { return .none }
        let verdict = verdict(
            onLossOf: held.attempt.number - (try attemptsKept(by: held)),
            worker: held.attempt.worker,
            isCancelled: held.isCancelled,
            policy: try self.attempt(id)?.spec.onLost ?? .retry,
            cause: held.attempt.state == .offered
                ? .refusal : isForgotten ? .oblivion : .silence
        )
        switch verdict {
        case .keepWaiting: return .waits
        case .tryAgain:
            return .over(
                try give(up: held, reason, at: now) {
                    try makeReady(held.attempt.job, at: now)
                    return held.end(Settlement(verdict: nil, hasFreedJobs: true))
                }
            )
        case .finish(let result, let why):
            return .over(
                try give(up: held, reason, at: now) {
                    try end(held, result, reason: held.stopReason ?? why, at: now)
                }
            )
        }
    }

    /// Attempts that were not lost: each came to a gate.
    private func attemptsKept(by held: HeldAttempt) throws -> Int {
        guard held.passed > 0 else { return 0 }
        return try db.first(
            "SELECT count(*) FROM attempt WHERE job = ? AND state = 'finished'",
            [held.attempt.job.rawValue]
        ) { $0[0] as Int } ?? 0
    }

    /// Ends an attempt as lost, and does what follows.
    private func give(
        up held: HeldAttempt,
        _ reason: String,
        at now: Date,
        then follow: () throws -> JobEnd
    ) throws -> JobEnd {
        let id = held.attempt.id
        return try atomically {
            if held.attempt.state == .offered, !held.isCancelled {
                try noteFailure(of: held.attempt.worker, reason, at: now)
            }
            try closeSteps(of: id, as: .retry, reason: reason, at: now)
            try db.run(
                "UPDATE attempt SET state = 'lost', reason = ?, endedAt = ? WHERE id = ?",
                [reason, now.milliseconds, id.rawValue]
            )
            try db.run(
                "UPDATE job SET fence = fence + 1 WHERE id = ?",
                [held.attempt.job.rawValue]
            )
            return try follow()
        }
    }

    private func end(
        _ held: HeldAttempt,
        _ result: BuildResult,
        reason: String?,
        outputs: [String: String] = [:],
        began: Date? = nil,
        at now: Date
    ) throws -> JobEnd {
        try end(
            held.attempt.job,
            result,
            reason: reason,
            outputs: outputs,
            began: began,
            at: now
        )
        let settlement = try settle(
            held.build,
            isCancelled: held.isBuildCancelled,
            began: held.hasBuildStarted ? nil : began,
            at: now
        )
        return held.end(settlement)
    }
}
