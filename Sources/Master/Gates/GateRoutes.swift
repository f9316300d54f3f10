import Core
import Foundation
import HTTPTypes
import Hummingbird
import Site
import Storage
import Wire

/// Gates: which wait, what was said about them, and saying something.
struct GateRoutes: Sendable {
    let database: ControlDatabase
    let actions: GateActions

    func add(to routes: Routes) {
        routes.on(.get, "/api/v1/gates", needs: .read) { request, _ in
            let limit = try request.number("limit", default: 200, in: 1...1_000)
            let gates = try await database.read { tx in try tx.waitingGates(limit: limit) }
            return try json(ListMessage(items: gates.map(GateMessage.init)))
        }
        routes.on(.get, "/api/v1/builds/:id/gates", needs: .read) { _, context in
            let id = try context.buildID
            let gates = try await database.read { tx in
                try tx.build(id).map { _ in try tx.gates(of: id) }
            }
            guard let gates else { throw RequestProblem.notFound("build \(id)") }
            return try json(ListMessage(items: gates.map(GateMessage.init)))
        }
        for (verb, verdict) in [
            ("approvals", GateWord.Verdict.approved), ("rejections", .rejected),
        ] {
            let path = "/jobs/:id/gates/:name/\(verb)"
            routes.on(.post, "/api/v1\(path)", needs: .approve) { request, context in
                let message: GateWordMessage = try await request.decoded()
                let gate = try await say(verdict, message.reason, context)
                return try json(GateMessage(gate), status: .created)
            }
            routes.form(path, needs: .approve) { form, context, _ in
                let gate = try await say(verdict, form["reason"], context)
                return FormOutcome(.build(gate.build), gate.outcome)
            }
        }
    }

    private func say(
        _ verdict: GateWord.Verdict,
        _ reason: String?,
        _ context: MasterContext
    ) async throws -> Gate {
        let name = try context.name("name")
        return try await actions.say(
            verdict,
            because: reason,
            about: name.removingPercentEncoding ?? name,
            of: JobID(try context.number("id")),
            context
        )
    }
}

extension Gate {
    /// What the person is told who just said something about it.
    fileprivate var outcome: String {
        switch state {
        case .waiting: "Noted. \(sentence)"
        case .open: "The gate \(name) is open: its job goes on."
        case .rejected: "The gate \(name) is rejected: its job has ended."
        case .expired, .cancelled: "The gate \(name) is \(state.rawValue)."
        }
    }
}
