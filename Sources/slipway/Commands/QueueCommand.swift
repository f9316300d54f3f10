import ArgumentParser

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Shows the jobs that wait, and why; or pauses and resumes a queue.",
        discussion: """
            A queue is the waiting jobs that need the same labels:

              slipway queue
              slipway queue pause arm --reason "the switch is being replaced"
              slipway queue resume arm
            """,
        subcommands: [
            QueueListCommand.self, QueuePauseCommand.self, QueueResumeCommand.self,
        ],
        defaultSubcommand: QueueListCommand.self
    )
}
