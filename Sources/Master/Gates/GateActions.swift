import Core
import Foundation
import Storage

/// What people do to gates, by API and by page alike.
struct GateActions: Sendable {
    let database: ControlDatabase
    let access: Access
    let ends: AttemptEnds
    /// Whether authors and starters of a build may open its gates.
    let ownersMayOpen: Bool

    /// Notes what somebody says about a gate; the gate as it stands then.
    func say(
        _ verdict: GateWord.Verdict,
        because reason: String?,
        about name: String,
        of job: JobID,
        _ context: MasterContext
    ) async throws -> Gate {
        let caller = GateCaller(
            name: context.principal.name,
            teams: try await access.teams(of: context)
        )
        let word = GateWord(
            verdict: verdict,
            actor: caller.name,
            reason: reason.map { String($0.prefix(2_000)) },
            saidAt: Date()
        )
        let ownersMayOpen = ownersMayOpen
        let move = try await database.write { tx in
            try tx.say(word, about: name, of: job, by: caller, ownersMayOpen: ownersMayOpen)
        }
        ends.announce(move)
        return move.gate
    }
}

extension AttemptEnds {
    /// Tells pages what became of a gate, and the dispatcher that a job may start.
    func announce(_ move: GateMove) {
        for stopped in move.end?.stopped ?? [] { leases.cancel(stopped, at: .now) }
        tellJob(move.gate.job, of: move.gate.build)
        events.publish(
            "build",
            [("build", .number(move.gate.build.rawValue))]
                + (move.end?.buildResult.map { [("result", .text($0.rawValue))] } ?? [])
        )
        if move.end != nil { wakeUp.ring() }
    }
}
