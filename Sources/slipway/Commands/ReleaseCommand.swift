import ArgumentParser

struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Releases in the code store.",
        subcommands: [
            ReleaseListCommand.self, ReleaseShowCommand.self, ReleaseRejectCommand.self,
        ]
    )
}
