import ArgumentParser

struct RepoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repo",
        abstract: "Repositories whose pushes are built.",
        subcommands: [
            RepoAddCommand.self, RepoListCommand.self, RepoRemoveCommand.self, RepoHookCommand.self,
            RepoDeliveriesCommand.self, RepoSchedulesCommand.self,
        ]
    )
}
