import ArgumentParser
import Core
import Foundation
import Wire

struct GateListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the gates that wait, or all of one build with what was said about them."
    )

    @Argument(help: "The build's id; without it, all that wait.")
    var build: Int64?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path =
            if let build {
                try APIPath("api/v1/builds", "\(build)", "gates")
            } else {
                try APIPath("api/v1/gates")
            }
        let answer = try await server.connect().get(path)
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<GateMessage> = try Connection.decode(answer)
        var table = Table("BUILD", "JOB", "GATE", "STATE", "SINCE", "REMARK", "SAID")
        let now = Date()
        for gate in page.items {
            table.add(
                Tinted("\(gate.build)", .bold),
                Tinted(gate.jobName),
                Tinted(gate.name),
                Tinted(gate.state.rawValue),
                Tinted(Spoken.age(gate.reachedAt, now: now), .dim),
                Tinted(gate.reason),
                Tinted(
                    gate.words.map { "\($0.actor) \($0.verdict.rawValue)" }.joined(separator: ", ")
                )
            )
        }
        Output.standard.table(table, orSay: "no gate waits")
    }
}
