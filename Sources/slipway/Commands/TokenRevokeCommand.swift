import ArgumentParser

struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Makes a token worthless."
    )

    @Argument(help: "The token's id, as 'slipway token list' shows it.")
    var id: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.connect().delete(try APIPath("api/v1/tokens", id))
        Output.standard.line("token \(printable(id)) is revoked")
    }
}
