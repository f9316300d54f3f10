import ArgumentParser
import Wire

struct SecretRewrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewrap",
        abstract: "Encrypts every secret with a new key, and forgets the old one.",
        discussion: """
            The key is in the server's data folder, in the file secret-key, and never in the \
            database: a copy of one is of no use without the other. Rewrap when somebody may have \
            seen the file. It can be broken off at any moment and begun again.
            """
    )

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.connect().post(try APIPath("api/v1/secret-keys"))
        if json.isJSON { return Output.standard.json(answer) }
        let key: SecretKeyMessage = try Connection.decode(answer)
        let count = key.secrets == 1 ? "1 secret is" : "\(key.secrets) secrets are"
        Output.standard.line("\(count) encrypted with the new key \(printable(key.id))")
    }
}
