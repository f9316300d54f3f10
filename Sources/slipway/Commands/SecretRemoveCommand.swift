import ArgumentParser

struct SecretRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forgets a secret; a job that was given it keeps it until it ends."
    )

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var place: SecretPlace
    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.connect().delete(try place.path(name))
        Output.standard.line("\(printable(name)) is removed")
    }
}
