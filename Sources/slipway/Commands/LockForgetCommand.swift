import ArgumentParser
import Core

struct LockForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Takes back what was set of a lock; of a lock that nobody set there is 1."
    )

    @Argument(help: "The lock's name.")
    var name: String

    @Option(help: "master or worker.")
    var scope: String?

    @Option(help: "Only what was set for this worker.")
    var worker: String?

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let scope, LockScope(rawValue: scope) == nil {
            throw ValidationError("A lock's scope is 'master' or 'worker'.")
        }
    }

    func run() async throws {
        let path = try APIPath("api/v1/locks", name)
            .with("scope", scope ?? worker.map { _ in "worker" })
            .with("worker", worker)
        try await server.connect().delete(path)
        Output.standard.line("\(printable(name)) is as usual")
    }
}
