import Core
import GRDB

import struct Foundation.Date

/// A job comes to a gate, waits there as a row and nothing else, and goes on or ends.
extension SQLiteTransaction {
    /// Makes a job wait at a gate; its attempt, if it had one, has ended.
    func reachGate(of job: JobID, at position: Int, _ now: Date) throws {
        guard let spec = try spec(of: job), let gate = spec.gate(at: position) else {
            throw StorageError(.conflict, "Job \(job) has no gate at step \(position).")
        }
        try db.run(
            """
            INSERT INTO gate (job, position, name, approvers, needed, state, reachedAt, deadline)
            VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)
            """,
            [
                job.rawValue, position, gate.name, try Text.of(list: gate.approvers), gate.min,
                now.milliseconds,
                gate.timeout.map { now.milliseconds + Int64($0.seconds) * 1_000 },
            ]
        )
        try db.run(
            """
            UPDATE job SET state = 'blocked', gate = ?, waitingReason = '', since = ?
            WHERE id = ?
            """,
            [position, now.milliseconds, job.rawValue]
        )
        try tell(job, at: position)
    }

    /// The reason of the job is what the gate still wants.
    private func tell(_ job: JobID, at position: Int) throws {
        try db.run(
            "UPDATE job SET waitingReason = ? WHERE id = ?",
            [try gate(of: job, at: position)?.sentence, job.rawValue]
        )
    }

    func say(
        _ word: GateWord,
        about name: String,
        of job: JobID,
        by caller: GateCaller,
        ownersMayOpen: Bool
    ) throws -> GateMove {
        guard let gate = try gate(named: name, of: job) else {
            throw StorageError(
                .notFound,
                "Job \(job) has not come to a gate named \(name): `slipway gate list` shows those "
                    + "that wait."
            )
        }
        let owners = GateOwners(names: try owners(of: gate.build), mayOpen: ownersMayOpen)
        let step = decide(word.verdict, on: gate, by: caller, owners: owners)
        if case .refused(let reason) = step { throw StorageError(.refused, reason) }
        return try atomically {
            try note(word, about: gate)
            switch step {
            case .refused, .noted:
                try tell(job, at: gate.position)
                return GateMove(gate: try self.gate(of: job, at: gate.position) ?? gate)
            case .opens:
                return try open(gate, by: caller.name, at: word.saidAt)
            case .rejects:
                let why = word.reason.map { ": \($0)" } ?? ""
                return try end(
                    gate,
                    .rejected,
                    "the gate \(gate.name) was rejected by \(caller.name)\(why)",
                    at: word.saidAt
                )
            }
        }
    }

    func expireGates(at now: Date) throws -> [GateMove] {
        try atomically {
            try overdueGates(at: now).map { gate in
                try end(
                    gate,
                    .expired,
                    "the gate \(gate.name) was not opened in time: "
                        + "\(gate.approvals.count) of \(gate.needed) approvals",
                    at: now
                )
            }
        }
    }

    private func owners(of build: BuildID) throws -> [String] {
        try db.first(
            "SELECT author, authorEmail, starter FROM build WHERE id = ?",
            [build.rawValue]
        ) { row in
            [row[0] as String?, row[1], row[2]].compactMap(\.self).filter { !$0.isEmpty }
        } ?? []
    }

    /// For good: nothing changes or removes what was said, and who says it twice says it once.
    private func note(_ word: GateWord, about gate: Gate) throws {
        try db.run(
            """
            INSERT INTO gateWord
                (job, position, build, jobName, gate, verdict, actor, reason, saidAt)
            SELECT ?, ?, r.name || ' #' || b.number, ?, ?, ?, ?, ?, ?
            FROM build b JOIN repository r ON r.id = b.repository WHERE b.id = ?
            ON CONFLICT (job, position, actor, verdict) DO NOTHING
            """,
            [
                gate.job.rawValue, gate.position, gate.jobName, gate.name, word.verdict.rawValue,
                word.actor, word.reason, word.saidAt.milliseconds, gate.build.rawValue,
            ]
        )
    }

    private func close(_ gate: Gate, _ state: Gate.State, _ reason: String?, at now: Date) throws {
        try db.run(
            "UPDATE gate SET state = ?, reason = ?, endedAt = ? WHERE job = ? AND position = ?",
            [
                state.rawValue, reason, now.milliseconds, gate.job.rawValue, gate.position,
            ]
        )
    }

    /// The gate that a job waits at ends with it, because something else ended the job.
    func forsakeGate(of job: JobID, _ reason: String, at now: Date) throws {
        try db.run(
            """
            UPDATE gate SET state = 'cancelled', reason = ?, endedAt = ?
            WHERE job = ? AND state = 'waiting'
            """,
            [reason, now.milliseconds, job.rawValue]
        )
    }

    private func open(_ gate: Gate, by actor: String, at now: Date) throws -> GateMove {
        let names = (gate.approvals.filter { $0 != actor } + [actor]).joined(separator: ", ")
        try close(gate, .open, "opened by \(names)", at: now)
        try db.run(
            "UPDATE job SET passed = ?, gate = NULL WHERE id = ?",
            [gate.position, gate.job.rawValue]
        )
        let settlement = try goOn(gate, at: now)
        return try move(gate, settlement)
    }

    /// What is behind an opened gate: nothing, another gate, or work for a worker.
    private func goOn(_ gate: Gate, at now: Date) throws -> Settlement {
        let spec = try spec(of: gate.job)
        if spec?.plainGate(behind: gate.position) != nil {
            try reachGate(of: gate.job, at: gate.position + 1, now)
            return Settlement(verdict: nil, hasFreedJobs: false)
        }
        if let spec, spec.steps.count > gate.position {
            try makeReady(gate.job, at: now)
            return Settlement(verdict: nil, hasFreedJobs: true)
        }
        let earlier = try carried(by: gate.job)
        let result = max(earlier?.result ?? .success, .success)
        try end(gate.job, result, reason: nil, outputs: earlier?.outputs ?? [:], at: now)
        return try settle(gate.build, isCancelled: false, at: now)
    }

    /// A gate that is not opened ends its job; nothing behind it runs, `always()` or not.
    private func end(
        _ gate: Gate,
        _ state: Gate.State,
        _ reason: String,
        at now: Date
    ) throws -> GateMove {
        try close(gate, state, reason, at: now)
        let allowsFailure = try spec(of: gate.job)?.allowFailure ?? false
        let result = verdict(onEndWith: .failure, allowsFailure: allowsFailure, isCancelled: false)
        try end(gate.job, result, reason: reason, at: now)
        return try move(gate, try settle(gate.build, isCancelled: false, at: now))
    }

    private func move(_ gate: Gate, _ settlement: Settlement) throws -> GateMove {
        GateMove(
            gate: try self.gate(of: gate.job, at: gate.position) ?? gate,
            end: JobEnd(
                build: gate.build,
                job: gate.job,
                buildResult: settlement.verdict,
                hasFreedJobs: settlement.hasFreedJobs,
                stopped: settlement.stopped
            )
        )
    }
}
