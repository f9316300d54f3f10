import ArgumentParser
import Foundation
import Wire

struct ChannelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows the channels of a unit in their order, and what each points at."
    )

    @Argument(help: "The unit.")
    var unit: String

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(try APIPath("cs/v1/channels", unit))
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<ChannelMessage> = try Connection.decode(answer)
        var table = Table("CHANNEL", "VERSION", "RELEASE", "SINCE", "")
        let now = Date()
        for channel in page.items {
            table.add(
                Tinted(channel.name, .bold),
                channel.version.map { Tinted($0, .green) } ?? Tinted("nothing yet", .dim),
                Tinted(Spoken.short(channel.release ?? ""), .dim),
                Tinted(channel.since.map { Spoken.age($0, now: now) } ?? "", .dim),
                Tinted(channel.hold.map { "held: \($0)" } ?? "", .yellow)
            )
        }
        Output.standard.table(table, orSay: "no channels")
    }
}
