import ArgumentParser
import Wire

struct GateOpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Agrees that a job goes on behind its gate."
    )

    @OptionGroup var gate: GateArguments

    func run() async throws {
        try await gate.say("approvals")
    }
}
