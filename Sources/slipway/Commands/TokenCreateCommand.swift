import ArgumentParser
import Core
import Wire

struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a token and prints it, once.",
        discussion: """
            The token alone goes to standard output:

              slipway token create builder-2 --kind worker > worker-token
              slipway token create ann --kind release --team release
            """
    )

    @Argument(help: "Who or what it is for.")
    var name: String

    @Option(help: "What it may do: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind = Role.developer.rawValue

    @Option(
        name: .customLong("team"),
        help: "A team whose gates its holder may open; may be given again."
    )
    var teams: [String] = []

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if Role(rawValue: kind) == nil {
            throw ValidationError("No kind of token is called '\(kind)'.")
        }
    }

    func run() async throws {
        guard let role = Role(rawValue: kind) else { return }
        let answer = try await server.connect().post(
            try APIPath("api/v1/tokens"),
            NewTokenMessage(name: name, kind: role, teams: teams.isEmpty ? nil : teams)
        )
        if json.isJSON { return Output.standard.json(answer) }
        let token: TokenMessage = try Connection.decode(answer)
        Output.standard.line(printable(token.token ?? ""))
        Output.standard.note("keep it: it is not shown again (its id is \(token.id))")
    }
}
