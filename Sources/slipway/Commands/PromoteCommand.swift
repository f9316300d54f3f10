import ArgumentParser
import Foundation
import Wire

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Moves a channel to a release.",
        discussion: """
              slipway promote shop 1.4.2 --to production --reason "release day"
            """
    )

    @Argument(help: "The unit.")
    var unit: String

    @Argument(help: "The version.")
    var version: String

    @Option(help: "The channel.")
    var to: String

    @Option(help: "Why; it stays in the promotion log.")
    var reason: String?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().post(
            try APIPath("cs/v1/channels", unit, to, "promotions"),
            PromoteMessage(version: version, reason: reason)
        )
        if json.isJSON { return Output.standard.json(answer) }
        Output.standard.line("\(printable(to)) of \(printable(unit)) is now \(printable(version))")
    }
}
