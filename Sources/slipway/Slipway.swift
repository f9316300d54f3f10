import ArgumentParser
import Wire

/// The whole program: a command of the list below, or a sentence about what is missing.
@main
struct Slipway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slipway",
        abstract: "Builds what is pushed, and brings it to where it runs.",
        discussion: """
            A first build:

              slipway up
              slipway repo add shop /srv/git/shop.git
              slipway build start shop --wait
              slipway logs 12 -f

            Exit codes: 0 done or green, 1 red (or lint problems, or not all converted), \
            2 wrong use, 3 cancelled, 4 the machinery failed, 5 not found, 6 refused.
            """,
        version: slipwayVersion,
        groupedSubcommands: [
            CommandGroup(name: "Server", subcommands: [UpCommand.self, MasterCommand.self]),
            CommandGroup(
                name: "Builds",
                subcommands: [
                    RepoCommand.self, BuildCommand.self, LogsCommand.self, QueueCommand.self,
                    GateCommand.self, LintCommand.self, RunCommand.self, TryCommand.self,
                    ConvertCommand.self,
                ]
            ),
            CommandGroup(
                name: "Releases",
                subcommands: [
                    ReleaseCommand.self, PromoteCommand.self, RollbackCommand.self,
                    ChannelCommand.self, NodeCommand.self,
                ]
            ),
            CommandGroup(
                name: "Operation",
                subcommands: [
                    WorkerCommand.self, LockCommand.self, SecretCommand.self, TokenCommand.self,
                    VersionCommand.self, DoctorCommand.self,
                ]
            ),
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var patient = command as? any AsyncParsableCommand {
                try await patient.run()
            } else {
                try command.run()
            }
        } catch {
            leave(because: error)
        }
    }
}
