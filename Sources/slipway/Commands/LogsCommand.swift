import ArgumentParser
import Core
import Wire

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Prints the log of a job, or of one of its steps.",
        discussion: """
            The ids are those of 'slipway build show'. With --step, exactly the bytes that the \
            step wrote; without it, all steps under headings:

              slipway logs 41 -f
              slipway logs 41 --step 2 > unit.log
            """
    )

    @Argument(help: "The job's id.")
    var job: Int64

    @Option(help: "One step; 0 is the setup.")
    var step: Int?

    @Flag(name: [.short, .long], help: "Follow what is still being written.")
    var follow = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let reader = LogReader(connection: try server.connect(), job: job)
        if let step {
            if follow { _ = try await reader.begun(step) }
            return try await reader.print(step, follow: follow)
        }
        var index = 0
        while let begun = try await nextStep(index, reader) {
            Output.standard.line([Tinted("--- \(begun.index) \(begun.name)", .bold)])
            try await reader.print(begun.index, follow: follow)
            index = begun.index + 1
        }
    }

    /// The next step that has a log; nil when there will be none.
    private func nextStep(_ index: Int, _ reader: LogReader) async throws -> StepMessage? {
        if follow { return try await reader.begun(index) }
        let steps = try await reader.steps()
        return steps.first { $0.index >= index && $0.state != .waiting && $0.result != .skipped }
    }
}
