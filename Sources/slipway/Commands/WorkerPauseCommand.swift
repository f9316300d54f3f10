import ArgumentParser

struct WorkerPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Gives a worker no new jobs; what runs goes on."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await server.connect().post(try APIPath("api/v1/workers", name, "pause"))
        Output.standard.line("\(printable(name)) is paused")
    }
}
