import ArgumentParser

struct WorkerDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Lets a worker finish what it runs and then leave."
    )

    @Argument(help: "The worker's name.")
    var name: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await server.connect().post(try APIPath("api/v1/workers", name, "drain"))
        Output.standard.line("\(printable(name)) finishes what it runs and leaves")
    }
}
