import ArgumentParser
import Foundation
import Wire

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Moves a channel back to an earlier release.",
        discussion: """
            Without --to it is the release before the present one:

              slipway rollback shop production
              slipway rollback shop production --to 1.4.1 --reason "carts are lost"
            """
    )

    @Argument(help: "The unit.")
    var unit: String

    @Argument(help: "The channel.")
    var channel: String

    @Option(help: "The version to go back to.")
    var to: String?

    @Option(help: "Why; it stays in the promotion log.")
    var reason: String?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let connection = try server.connect()
        let answer = try await connection.post(
            try APIPath("cs/v1/channels", unit, channel, "rollbacks"),
            RollbackMessage(version: to, reason: reason)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let pointer: PointerMessage = try await connection.get(
            try APIPath("cs/v1/channels", unit, channel)
        )
        Output.standard.line(
            "\(printable(channel)) of \(printable(unit)) is now \(printable(pointer.version))"
        )
    }
}
