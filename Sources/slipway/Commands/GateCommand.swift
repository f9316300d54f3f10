import ArgumentParser

struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Jobs that wait for people: shows, opens and rejects their gates.",
        discussion: """
            A job that comes to a step `gate: { name: go-live, approvers: [team:release], min: 2 }` \
            waits there without a worker, until enough of those have agreed. Who wrote the commit \
            or started the build does not count.

              slipway gate list
              slipway gate open 12 go-live --reason "the numbers are good"
              slipway gate reject 12 go-live --reason "not on a Friday"
            """,
        subcommands: [GateListCommand.self, GateOpenCommand.self, GateRejectCommand.self],
        defaultSubcommand: GateListCommand.self
    )
}
