import ArgumentParser
import Core
import Wire

/// Which gate, and why.
struct GateArguments: ParsableArguments {
    @Argument(help: "The build's id.")
    var build: Int64

    @Argument(help: "The gate's name.")
    var name: String

    @Option(help: "Only of this job, where several have a gate of this name.")
    var job: String?

    @Option(help: "Why; kept with the gate for good.")
    var reason: String?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    /// Says it, and prints what became of the gate.
    func say(_ verb: String) async throws {
        let connection = try server.connect()
        let gates: ListMessage<GateMessage> = try await connection.get(
            try APIPath("api/v1/builds", "\(build)", "gates")
        )
        let gate = try chosen(of: gates.items)
        let answer = try await connection.post(
            try APIPath("api/v1/jobs", "\(gate.job)", "gates", name, verb),
            GateWordMessage(reason: reason)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let said: GateMessage = try Connection.decode(answer)
        Output.standard.line("\(printable(said.name)) is \(said.state.rawValue)")
        if said.state == .waiting { Output.standard.note(printable(said.reason)) }
    }

    private func chosen(of gates: [GateMessage]) throws -> GateMessage {
        let named = gates.filter { $0.name == name && (job == nil || $0.jobName == job) }
        let waiting = named.filter { $0.state == .waiting }
        if waiting.count > 1 {
            let jobs = waiting.map(\.jobName).joined(separator: ", ")
            throw CommandError(
                .wrongUse,
                "several jobs wait at a gate \(name): \(jobs)",
                hint: "--job says which"
            )
        }
        guard let gate = waiting.first ?? named.last else {
            throw CommandError(
                .notFound,
                "no job of build \(build) has come to a gate \(name)",
                hint: "'slipway gate list' shows those that wait"
            )
        }
        return gate
    }
}
