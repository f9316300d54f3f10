import ArgumentParser

struct ChannelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel",
        abstract: "Channels and what moved them.",
        subcommands: [ChannelListCommand.self, ChannelLogCommand.self]
    )
}
