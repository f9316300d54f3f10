import ArgumentParser

struct WorkerResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Gives a worker jobs again."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await server.connect().post(try APIPath("api/v1/workers", name, "resume"))
        Output.standard.line("\(printable(name)) gets jobs again")
    }
}
