import ArgumentParser

struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "How much there is of each lock, and who holds it.",
        discussion: """
            A step takes a lock with `locks: [{ name: licence, count: 1, mode: counting }]`; its \
            job holds it for as long as it runs. Of a lock that nobody set there is 1.

              slipway lock set licence 5
              slipway lock set gpu 1 --scope worker
              slipway lock set gpu 4 --worker bigbox
              slipway lock list
            """,
        subcommands: [LockListCommand.self, LockSetCommand.self, LockForgetCommand.self],
        defaultSubcommand: LockListCommand.self
    )
}
