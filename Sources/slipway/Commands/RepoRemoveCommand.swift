import ArgumentParser

struct RepoRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Stops watching a repository."
    )

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.connect().delete(try APIPath("api/v1/repositories", name))
        Output.standard.line("\(printable(name)) is no longer watched")
    }
}
