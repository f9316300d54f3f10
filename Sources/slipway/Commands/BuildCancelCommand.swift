import ArgumentParser

struct BuildCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancels a build."
    )

    @Argument(help: "The build's id.")
    var id: Int64

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let path = try APIPath("api/v1/builds", "\(id)", "cancellation")
        _ = try await server.connect().post(path)
        Output.standard.line("build \(id) is being cancelled")
    }
}
