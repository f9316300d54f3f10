import ArgumentParser
import Foundation
import Wire

struct RepoDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "What forges told of a repository, and what came of it.",
        discussion: """
            Newest first; those of the last day are kept. A delivery that is not here was refused: \
            the forge's own list of deliveries has our answer.

              slipway repo deliveries shop
            """
    )

    @Argument(help: "The repository's name.")
    var name: String

    @Option(help: "How many at most, up to 200.")
    var limit = 20

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = try APIPath("api/v1/repositories", name, "deliveries")
            .with("limit", String(limit))
        let answer = try await server.connect().get(path)
        if json.isJSON { return Output.standard.json(answer) }
        let list: ListMessage<DeliveryMessage> = try Connection.decode(answer)
        var table = Table("CAME", "FROM", "WHAT", "OUTCOME")
        let now = Date()
        for delivery in list.items {
            table.add(
                Tinted(Spoken.age(delivery.receivedAt, now: now)),
                Tinted(delivery.forge),
                Tinted(printable(delivery.summary)),
                Tinted(printable(delivery.outcome ?? "waits for the next look"))
            )
        }
        Output.standard.table(table, orSay: "none within a day: 'slipway repo hook \(name)'")
    }
}
