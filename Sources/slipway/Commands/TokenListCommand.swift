import ArgumentParser
import Core
import Foundation
import Wire

struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the tokens, but not what they are."
    )

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try APIPath("api/v1/tokens"))
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<TokenMessage> = try Connection.decode(answer)
        var table = Table("ID", "NAME", "KIND", "TEAMS", "MADE", "LAST USED")
        let now = Date()
        for token in page.items {
            table.add(
                Tinted(token.id, .bold),
                Tinted(token.name),
                Tinted(token.kind.rawValue),
                Tinted((token.teams ?? []).joined(separator: ",")),
                Tinted(Spoken.age(token.createdAt, now: now), .dim),
                Tinted(token.lastUsedAt.map { Spoken.age($0, now: now) } ?? "never", .dim)
            )
        }
        Output.standard.table(table, orSay: "no tokens")
    }
}
