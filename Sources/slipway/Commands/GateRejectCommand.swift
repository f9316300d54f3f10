import ArgumentParser
import Wire

struct GateRejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Ends a job at its gate."
    )

    @OptionGroup var gate: GateArguments

    func run() async throws {
        try await gate.say("rejections")
    }
}
