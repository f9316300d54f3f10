import Core
import GRDB

import struct Foundation.Date

/// Reading gates.
extension SQLiteTransaction {
    func waitingGates(limit: Int) throws -> [Gate] {
        try gates(
            from: "gate g INDEXED BY gateWaiting",
            "g.state = 'waiting' ORDER BY g.reachedAt, g.job LIMIT ?",
            [min(max(limit, 0), Self.listMax)]
        )
    }

    func gates(of build: BuildID) throws -> [Gate] {
        try gates(from: "gate g", "j.build = ? ORDER BY g.job, g.position", [build.rawValue])
    }

    func gate(named name: String, of job: JobID) throws -> Gate? {
        try gates(
            from: "gate g",
            "g.job = ? AND g.name = ? ORDER BY g.state = 'waiting' DESC, g.position DESC LIMIT 1",
            [job.rawValue, name]
        ).first
    }

    func gate(of job: JobID, at position: Int) throws -> Gate? {
        try gates(
            from: "gate g",
            "g.job = ? AND g.position = ?",
            [job.rawValue, position]
        ).first
    }

    func hasOverdueGate(at now: Date) throws -> Bool {
        try db.has(
            "SELECT 1 FROM gate WHERE state = 'waiting' AND deadline <= ? LIMIT 1",
            [now.milliseconds]
        )
    }

    func overdueGates(at now: Date) throws -> [Gate] {
        try gates(
            from: "gate g",
            "g.state = 'waiting' AND g.deadline <= ? ORDER BY g.deadline LIMIT ?",
            [now.milliseconds, Self.listMax]
        )
    }

    private func gates(
        from table: String,
        _ term: String,
        _ arguments: StatementArguments
    ) throws -> [Gate] {
        var gates = try db.all(
            """
            SELECT g.job, j.name, j.build, g.position, g.name, g.approvers, g.needed, g.state,
                g.reason, g.reachedAt, g.deadline, g.endedAt
            FROM \(table) JOIN job j ON j.id = g.job WHERE \(term)
            """,
            arguments
        ) { row in
            Gate(
                job: JobID(row[0]),
                jobName: row[1],
                build: BuildID(row[2]),
                position: row[3],
                name: row[4],
                approvers: try Text.list(in: row[5]),
                needed: row[6],
                state: try row.word(7),
                reason: row[8],
                reachedAt: Date(milliseconds: row[9]),
                deadline: row.date(10),
                endedAt: row.date(11)
            )
        }
        for index in gates.indices { gates[index].words = try words(about: gates[index]) }
        return gates
    }

    private func words(about gate: Gate) throws -> [GateWord] {
        try db.all(
            """
            SELECT verdict, actor, reason, saidAt FROM gateWord
            WHERE job = ? AND position = ? ORDER BY id
            """,
            [gate.job.rawValue, gate.position]
        ) { row in
            GateWord(
                verdict: try row.word(0),
                actor: row[1],
                reason: row[2],
                saidAt: Date(milliseconds: row[3])
            )
        }
    }
}
