import ArgumentParser
import Wire

struct BuildRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Builds the same commit again, as a new build.",
        discussion: """
              slipway build retry 12
              slipway build retry 12 --failed --wait
            """
    )

    @Argument(help: "The build's id.")
    var id: Int64

    @Flag(help: "Only the jobs that were not green.")
    var failed = false

    @Flag(help: "Follow the new build; the exit code says how it ended.")
    var wait = false

    @OptionGroup var json: JSONOption
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let connection = try server.connect()
        let answer = try await connection.post(
            try APIPath("api/v1/builds", "\(id)", "retries"),
            RetryMessage(failedOnly: failed)
        )
        try await BuildFollower(connection: connection, isJSON: json.isJSON)
            .tell(answer, wait: wait)
    }
}
