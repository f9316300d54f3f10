import ArgumentParser

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Workers: look at them, pause, resume and drain them.",
        subcommands: [
            WorkerListCommand.self, WorkerPauseCommand.self, WorkerResumeCommand.self,
            WorkerDrainCommand.self,
        ],
        defaultSubcommand: WorkerListCommand.self
    )
}
