import ArgumentParser
import Foundation
import Wire

struct NodeListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the nodes and the release each of them runs."
    )

    @Argument(help: "Of one unit only.")
    var unit: String?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(
            try APIPath("cs/v1/nodes").with("unit", unit)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<NodeMessage> = try Connection.decode(answer)
        var table = Table("NODE", "UNIT", "CHANNEL", "RUNS", "PREPARED", "SEEN", "ERRORS")
        let now = Date()
        for node in page.items {
            table.add(
                Tinted(node.id, .bold),
                Tinted(node.unit),
                Tinted(node.channel),
                node.activeVersion.map { Tinted($0, .green) } ?? Tinted("nothing", .dim),
                Tinted(node.preparedVersion ?? ""),
                Tinted(Spoken.age(node.lastSeenAt, now: now), .dim),
                Tinted(node.errors.joined(separator: "; "), .red)
            )
        }
        Output.standard.table(table, orSay: "no nodes")
    }
}
