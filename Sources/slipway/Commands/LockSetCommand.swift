import ArgumentParser
import Core
import Wire

struct LockSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Says how much there is of a lock.",
        discussion: """
            Whoever holds more than that keeps it until it ends. With 0 nobody gets it: its jobs \
            wait, and say why.
            """
    )

    @Argument(help: "The lock's name, as pipelines write it.")
    var name: String

    @Argument(help: "How many of it may be taken at once.")
    var capacity: Int

    @Option(help: "master: one for all; worker: each worker has its own.")
    var scope: String?

    @Option(help: "Only on this worker, which has more or less of it than the others.")
    var worker: String?

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let scope, LockScope(rawValue: scope) == nil {
            throw ValidationError("A lock's scope is 'master' or 'worker'.")
        }
    }

    func run() async throws {
        let message = LockCapacityMessage(
            capacity: capacity,
            scope: scope.flatMap { LockScope(rawValue: $0) },
            worker: worker
        )
        let answer = try await server.connect().put(try APIPath("api/v1/locks", name), message)
        if json.isJSON { return Output.standard.json(answer) }
        let lock: LockMessage = try Connection.decode(answer)
        let place =
            lock.worker.map { " on \(printable($0))" }
            ?? (lock.scope == "worker" ? " on each worker" : "")
        Output.standard.line("there are \(lock.capacity) of \(printable(lock.name))\(place)")
    }
}
