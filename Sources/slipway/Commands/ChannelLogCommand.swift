import ArgumentParser
import Foundation
import Wire

struct ChannelLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Shows the promotion log of a unit: what moved, when, by whom and why."
    )

    @Argument(help: "The unit.")
    var unit: String

    @Option(help: "Only after this revision.")
    var after: Int64?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().get(
            try APIPath("cs/v1/log").with("unit", unit).with("after", after.map(String.init))
        )
        if json.isJSON { return Output.standard.json(answer) }
        let page: ListMessage<PromotionMessage> = try Connection.decode(answer)
        var table = Table("REV", "CHANNEL", "KIND", "FROM", "TO", "BY", "WHEN", "WHY")
        let now = Date()
        for promotion in page.items {
            table.add(
                Tinted("\(promotion.rev)", .bold),
                Tinted(promotion.channel),
                Tinted(promotion.kind),
                Tinted(Self.named(promotion.from ?? ""), .dim),
                Tinted(Self.named(promotion.to)),
                Tinted(promotion.actor),
                Tinted(Spoken.age(promotion.at, now: now), .dim),
                Tinted(promotion.reason)
            )
        }
        Output.standard.table(table, orSay: "nothing was promoted yet")
    }

    /// A version as it is; a digest, which nobody reads to the end, shortly.
    static func named(_ release: String) -> String {
        release.hasPrefix("sha256:") ? Spoken.short(release) : release
    }
}
