import Core
import Foundation
import JobRunner
import Logging
import NIOCore
import Synchronization
import Wire

/// Runs jobs in containers, through the one engine that `slipway run` uses too.
final class ContainerEngine: JobEngine {
    private let runner: JobRunner
    private let sources: MasterSource
    private let actions: MasterActions
    private let secrets: MasterSecrets
    private let client: MasterClient
    private let logger: Logger
    private let berths = Mutex<[Int64: Berth]>([:])

    init(_ configuration: WorkerConfiguration, client: MasterClient, logger: Logger) throws {
        self.client = client
        self.logger = logger
        let sources = "\(configuration.folder)/sources"
        try FileManager.default.createDirectory(
            atPath: sources,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        self.sources = MasterSource(client: client, folder: sources)
        actions = MasterActions(client: client)
        secrets = MasterSecrets(client: client)
        runner = try JobRunner(root: "\(configuration.folder)/jobs", logger: logger)
    }

    func unfinished() -> [JobOrder] {
        do {
            let (found, unreadable) = try runner.recover()
            for problem in unreadable { logger.error("A job cannot be taken up again: \(problem)") }
            berths.withLock { berths in
                for berth in found { berths[berth.assignment.attempt] = berth }
            }
            return found.compactMap { try? JobOrder($0.assignment) }
        } catch {
            logger.error("Unfinished jobs cannot be found", metadata: ["error": "\(error)"])
            return []
        }
    }

    func begin(_ order: JobOrder) async throws {
        let berth = try runner.moor(try order.assignment())
        berths.withLock { $0[order.attempt] = berth }
    }

    func run(_ order: JobOrder, telling listener: any JobListener) async -> FinishReport {
        guard let berth = berth(of: order) else {
            return refusal(order, "the worker lost the job's folder")
        }
        do {
            let outcome = try await tellingNews(of: berth, to: listener) { tell in
                try await runner.run(
                    berth,
                    sources: sources,
                    actions: actions,
                    secrets: secrets,
                    tell: tell
                )
            }
            return try await report(outcome, of: berth, order)
        } catch {
            return refusal(order, "the worker could not run it: \(error)")
        }
    }

    /// Passes events on in order, beside the job and not in its way.
    private func tellingNews(
        of berth: Berth,
        to listener: any JobListener,
        _ body: (@escaping @Sendable (JobEvent) -> Void) async throws -> JobOutcome
    ) async throws -> JobOutcome {
        let (events, sink) = AsyncStream.makeStream(of: StepReport.self)
        async let told: Void = {
            for await report in events { await listener.stepChanged(report) }
        }()
        defer { sink.finish() }
        for note in try berth.notes() { sink.yield(StepReport(note)) }
        let outcome = try await body { event in
            switch event {
            case .stepStarted(let note):
                sink.yield(StepReport(note))
            case .output(let step, _):
                listener.logGrew(step: step)
            case .stepFinished(let note):
                listener.logGrew(step: note.index)
                sink.yield(StepReport(note))
            case .remark(let text):
                self.logger.info("\(text)", metadata: ["berth": "\(berth.id)"])
            }
        }
        sink.finish()
        await told
        return outcome
    }

    private func refusal(_ order: JobOrder, _ reason: String) -> FinishReport {
        FinishReport(
            attempt: order.attempt,
            fence: order.fence,
            result: .exception,
            reason: reason,
            steps: []
        )
    }

    // MARK: Artifacts

    /// The end of a job, with what it keeps: success without its artifacts is none.
    private func report(
        _ outcome: JobOutcome,
        of berth: Berth,
        _ order: JobOrder
    ) async throws -> FinishReport {
        var report = FinishReport(
            attempt: order.attempt,
            fence: order.fence,
            result: outcome.result,
            reason: outcome.reason,
            steps: outcome.steps.map { StepReport($0) },
            outputs: outcome.outputs.isEmpty ? nil : outcome.outputs,
            additions: outcome.generatedJobs.isEmpty ? nil : outcome.generatedJobs,
            summary: outcome.summary.map { text in
                // The master keeps less of it.
                String(decoding: text.utf8.prefix(1 << 17), as: UTF8.self)
            },
            gate: outcome.gate,
            variables: outcome.gate == nil || outcome.variables.isEmpty ? nil : outcome.variables
        )
        for artifact in order.spec.artifacts where artifact.when.includes(outcome.result) {
            do {
                report.artifacts.append(try await keep(artifact, of: berth))
            } catch let error as JobRunnerError {
                // What a red job could not keep makes it no redder; and what is not there yet
                // before a gate may be there behind it.
                guard outcome.result.isGreen, outcome.gate == nil else { continue }
                report.result = .failure
                report.reason = "artifact \(artifact.name): \(error.message)"
                report.artifacts = []
                return report
            }
        }
        return report
    }

    private func keep(_ artifact: ArtifactSpec, of berth: Berth) async throws -> ArtifactReport {
        let files = try berth.files.collect(matching: artifact.paths)
        _ = try await client.patiently {
            try await client.upload(files, below: "", of: berth)
        }
        return ArtifactReport(name: artifact.name, files: files.map { FileEntry($0) })
    }

    // MARK: The rest of a job's life

    func cancel(_ order: JobOrder) async {
        guard let berth = berth(of: order) else { return }
        do {
            try runner.cancel(berth)
        } catch {
            logger.error(
                "Cancel failed",
                metadata: ["attempt": "\(order.attempt)", "error": "\(error)"]
            )
        }
    }

    func log(of order: JobOrder, step: Int) -> LogSource? {
        guard let berth = berth(of: order), let log = try? berth.log(of: step) else { return nil }
        return LogSource { offset, count in
            ByteBuffer(bytes: (try? log.read(at: offset, count: count)) ?? [])
        }
    }

    func release(_ order: JobOrder) async {
        let berth = berths.withLock { $0.removeValue(forKey: order.attempt) }
        if let berth { await runner.release(berth) }
    }

    func upkeep() async {
        await runner.run()
    }

    private func berth(of order: JobOrder) -> Berth? {
        berths.withLock { $0[order.attempt] }
    }
}

extension StepReport {
    /// A note in the words of the protocol: durations, never times.
    init(_ note: StepNote) {
        self.init(
            index: note.index,
            state: note.state,
            result: note.result,
            exitCode: note.exitCode,
            reason: note.reason,
            startedAgo: note.startedAt?.age,
            finishedAgo: note.finishedAt?.age,
            logLength: note.logLength,
            logDigest: note.logDigest,
            logGap: note.logGap
        )
    }
}
