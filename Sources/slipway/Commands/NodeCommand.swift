import ArgumentParser

struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Processes that follow a channel.",
        subcommands: [NodeListCommand.self]
    )
}
