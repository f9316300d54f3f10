import ArgumentParser

struct BuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Builds: start, look at, cancel, retry, approve and begin them.",
        subcommands: [
            BuildStartCommand.self, BuildListCommand.self, BuildShowCommand.self,
            BuildCancelCommand.self, BuildRetryCommand.self, BuildApproveCommand.self,
            BuildBeginCommand.self,
        ]
    )
}
