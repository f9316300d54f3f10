import ArgumentParser
import Wire

struct QueueResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Lets the jobs of a paused queue start again."
    )

    @Argument(help: "The labels that its jobs need; none: the jobs that need none.")
    var labels: [String] = []

    @OptionGroup var server: ServerOptions

    func run() async throws {
        _ = try await server.connect().post(
            try APIPath("api/v1/queue/resume"),
            QueuePauseMessage(labels: labels)
        )
        Output.standard.line("the queue \(queueName(labels)) moves again")
    }
}
