import ArgumentParser
import Core
import Foundation
import LocalRun
import Logging
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a pipeline here, on your own Docker, without a server.",
        discussion: """
            What runs is the working tree as it is now, changes and new files included; nothing \
            is committed or pushed. The steps run in the same containers, by the same engine, as \
            a worker's:

              slipway run
              slipway run main --job test --matrix swift=6.1
              slipway run --input level=full --event manual
              slipway run --secret signing_key   the variable signing_key, or SIGNING_KEY
              slipway run --keep                 a failed job's container stays, to be looked into
            """
    )

    @Argument(help: "A pipeline's name or file (default: the only one, or main).")
    var pipeline: String?

    @Option(
        name: .customLong("job"),
        help: "A job to run, with what it needs; may be given several times."
    )
    var jobs: [String] = []

    @Option(help: ArgumentHelp("Only this value of a matrix axis.", valueName: "axis=value"))
    var matrix: [NamedValue] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A value for an input.", valueName: "name=value")
    )
    var input: [NamedValue] = []

    @OptionGroup var secrets: SecretOptions

    @Option(help: "What the pipeline thinks has happened: push, tag, manual, …")
    var event: Event = .push

    @Option(help: "Jobs at once.")
    var slots = 2

    @Flag(help: "Keep the containers of a job that failed, and say how to look into them.")
    var keep = false

    @Flag(help: "Open every gate.")
    var openGates = false

    @Flag(
        name: .customLong("json"),
        help: "Print the outcome as JSON; the output of the steps is left out."
    )
    var isJSON = false

    func validate() throws {
        guard (1...64).contains(slots) else { throw ValidationError("--slots is 1 to 64.") }
    }

    func run() async throws {
        let request = LocalRequest(
            folder: FileManager.default.currentDirectoryPath,
            pipeline: pipeline,
            event: event,
            jobs: jobs,
            matrix: matrix.byName,
            inputs: input.byName,
            secrets: try secrets.values(),
            slots: slots,
            keepsFailed: keep
        )
        let scratch = FileManager.default.temporaryDirectory
            .appending(path: "slipway-run-\(ProcessInfo.processInfo.processIdentifier)").path
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        switch try await planned(request, in: scratch) {
        case .problems(let problems):
            for problem in problems { Output.standard.line(printable(problem.description)) }
            throw ExitCode(CommandStatus.red.rawValue)
        case .plan(let plan):
            try await run(plan, request, in: scratch)
        }
    }

    private func planned(_ request: LocalRequest, in scratch: String) async throws -> LocalPlanning
    {
        do {
            return try await LocalPlan.make(for: request, in: scratch)
        } catch let error as LocalRunError {
            throw CommandError(.notFound, error.message, hint: error.hint)
        }
    }

    private func run(_ plan: LocalPlan, _ request: LocalRequest, in scratch: String) async throws {
        let printer = RunPrinter(isJSON: isJSON, hasSeveral: plan.plan.jobs.count > 1)
        let run = try LocalBuild(
            plan,
            for: request,
            in: scratch,
            root: try Self.root(of: request.folder),
            logger: Logger(label: "slipway.run") { _ in SwiftLogNoOpLogHandler() },
            gatekeeper: openGates ? { @Sendable _ in true } : nil,
            tell: printer.hear
        )
        let outcome = await withTaskGroup(of: LocalOutcome?.self) { group in
            group.addTask { await run.run() }
            group.addTask {
                let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
                for await _ in signals {
                    printer.note("stopping; once more kills at once")
                    run.stop()
                }
                return nil
            }
            var outcome: LocalOutcome?
            while outcome == nil, let next = await group.next() { outcome = next }
            group.cancelAll()
            return outcome
        }
        guard let outcome else { throw ExitCode(CommandStatus.exception.rawValue) }
        printer.conclude(outcome)
        let status = CommandStatus(outcome.result)
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// Where the runner keeps what it may find again: one folder per working tree.
    private static func root(of folder: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "/tmp")/.cache"
        var name = ""
        for byte in folder.utf8 {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            name += isPlain ? String(UnicodeScalar(byte)) : "-"
        }
        return "\(cache)/slipway/run/\(name.suffix(100))"
    }
}

extension Event: ExpressibleByArgument {}
