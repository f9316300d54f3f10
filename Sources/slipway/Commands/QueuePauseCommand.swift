import ArgumentParser
import Wire

struct QueuePauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Starts no more jobs of a queue; what runs goes on, and what comes waits."
    )

    @Argument(help: "The labels that its jobs need; none: the jobs that need none.")
    var labels: [String] = []

    @Option(help: "What those who wait are told.")
    var reason: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await server.connect().post(
            try APIPath("api/v1/queue/pause"),
            QueuePauseMessage(labels: labels, reason: reason)
        )
        Output.standard.line("the queue \(queueName(labels)) is paused")
    }
}

/// As people name a queue: by the labels its jobs need.
func queueName(_ labels: [String]) -> String {
    labels.isEmpty ? "without labels" : printable(labels.joined(separator: ","))
}
