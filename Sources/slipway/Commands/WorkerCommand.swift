import ArgumentParser

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker; or look at workers, pause, resume and drain them.",
        subcommands: [
            WorkerDaemon.self, WorkerListCommand.self, WorkerPauseCommand.self,
            WorkerResumeCommand.self,
            WorkerDrainCommand.self,
        ],
        defaultSubcommand: WorkerDaemon.self
    )
}
