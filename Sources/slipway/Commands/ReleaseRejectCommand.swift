import ArgumentParser
import Wire

struct ReleaseRejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Marks a release so that nothing is promoted to it any more.",
        discussion: """
              slipway release reject shop 1.4.2 --reason "loses carts"
            """
    )

    @Argument(help: "The unit.")
    var unit: String

    @Argument(help: "The version.")
    var version: String

    @Option(help: "Why; everybody who looks at it reads this.")
    var reason: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await server.connect().post(
            try APIPath("cs/v1/releases", unit, version, "rejection"),
            RejectMessage(reason: reason)
        )
        Output.standard.line("\(printable(unit)) \(printable(version)) is rejected")
    }
}
