import Core
import Foundation
import Logging
import Synchronization
import Wire

/// One attempt on this worker: accept, run, send the logs, tell the end, clean up.
struct AttemptRun: Sendable {
    let order: JobOrder
    let engine: any JobEngine
    let desk: ReportDesk
    let client: MasterClient
    let logger: Logger

    private var reference: AttemptReference {
        AttemptReference(attempt: order.attempt, fence: order.fence)
    }

    /// Runs it; `isResumed` for one that an earlier process had accepted.
    func run(isResumed: Bool) async {
        let abandonment = Abandonment()
        await desk.open(
            reference,
            cancel: { abandonment.start { await engine.cancel(order) } },
            abandon: { abandonment.abandon() }
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await attempt(isResumed: isResumed, abandonment) }
            group.addTask { await abandonment.wait() }
            group.addTask { await abandonment.runCancels() }
            await group.next()
            abandonment.finish()
            group.cancelAll()
        }
        if abandonment.isAbandoned {
            logger.warning(
                "Attempt was taken away; its containers go",
                metadata: ["attempt": "\(order.attempt)"]
            )
            await engine.release(order)
        }
        await desk.close(order.attempt)
    }

    private func attempt(isResumed: Bool, _ abandonment: Abandonment) async {
        if !isResumed {
            guard await mayBegin() else { return }
            do {
                try await engine.begin(order)
            } catch {
                await finish(refusal("the worker could not begin: \(error)"))
                return
            }
        }
        abandonment.letCancelsRun()
        let report = await runSendingLogs()
        if Task.isCancelled { return }
        await finish(report)
    }

    /// Whether the job begins: what may start again on a loss does under its offer, which is a
    /// lease as any other; what must not run twice waits for the master's word.
    private func mayBegin() async -> Bool {
        switch order.spec.onLost {
        case .retry: true
        case .fail, .wait: await desk.acceptance(of: order.attempt)
        }
    }

    private func refusal(_ reason: String) -> FinishReport {
        FinishReport(
            attempt: order.attempt,
            fence: order.fence,
            result: .exception,
            reason: reason,
            steps: []
        )
    }

    private func runSendingLogs() async -> FinishReport {
        let growth = LogGrowth(steps: order.spec.steps.count + 1)
        return await withTaskGroup(of: FinishReport?.self) { group in
            for step in growth.streams.indices {
                group.addTask {
                    await send(step, growth.streams[step])
                    return nil
                }
            }
            group.addTask {
                let listener = DeskListener(desk: desk, growth: growth, attempt: order.attempt)
                let report = await engine.run(order, telling: listener)
                growth.finish()
                return report
            }
            var report: FinishReport?
            for await result in group { report = result ?? report }
            return report ?? refusal("the worker's engine gave no verdict")
        }
    }

    private func send(_ step: Int, _ growth: AsyncStream<Void>) async {
        let uploader = LogUploader(client: client, attempt: reference, step: step) {
            engine.log(of: order, step: step)
        }
        do {
            try await uploader.run(growth)
        } catch is CancellationError {
            return
        } catch {
            // A stale fence is told by the heartbeat too, which then ends the attempt.
            logger.debug("Log upload ended", metadata: ["error": "\(error)"])
        }
    }

    /// Tells the end until the master has taken it.
    private func finish(_ report: FinishReport) async {
        while !Task.isCancelled {
            guard let answer = await desk.finish(report) else { return }
            switch answer.verdict {
            case .ok, .cancel, .stale:
                await engine.release(order)
                return
            case .logIncomplete:
                for step in (answer.expected ?? [:]).keys.compactMap({ Int($0) }) {
                    await send(step, AsyncStream { $0.finish() })
                }
            }
        }
    }
}

/// Wake-ups of each step's log.
struct LogGrowth: Sendable {
    let streams: [AsyncStream<Void>]
    private let continuations: [AsyncStream<Void>.Continuation]

    init(steps: Int) {
        let pairs = (0..<steps).map { _ in
            AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }
        streams = pairs.map(\.stream)
        continuations = pairs.map(\.continuation)
    }

    func grew(_ step: Int) {
        if continuations.indices.contains(step) { continuations[step].yield() }
    }

    func finish() {
        for continuation in continuations { continuation.finish() }
    }
}

/// Passes a job's news on to the desk and to the log uploaders.
private struct DeskListener: JobListener {
    let desk: ReportDesk
    let growth: LogGrowth
    let attempt: Int64

    func stepChanged(_ report: StepReport) async {
        await desk.note(report, of: attempt)
    }

    func logGrew(step: Int) {
        growth.grew(step)
    }
}

/// That the master wants an attempt stopped, or has given it to someone else.
private final class Abandonment: Sendable {
    private let wish = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let cancels = AsyncStream.makeStream(
        of: (@Sendable () async -> Void).self,
        bufferingPolicy: .bufferingOldest(1)
    )
    private let beginning = AsyncStream.makeStream(of: Void.self)
    private let state = Mutex((isAbandoned: false, isCancelled: false))

    var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    func abandon() {
        state.withLock { $0.isAbandoned = true }
        wish.continuation.yield()
    }

    /// Asks for a cancel, once; it runs in ``runCancels()``.
    func start(_ cancel: @escaping @Sendable () async -> Void) {
        let isFirst = state.withLock { state in
            defer { state.isCancelled = true }
            return !state.isCancelled
        }
        if isFirst { cancels.continuation.yield(cancel) }
    }

    /// Returns when the attempt is abandoned, or the group is.
    func wait() async {
        for await _ in wish.stream { return }
        // The stream ends without a wish only when the group is cancelled.
    }

    /// The engine has begun: one that comes sooner, as with the acceptance, waits for this.
    func letCancelsRun() { beginning.continuation.finish() }

    /// Runs the cancel when it is wished and can be; returns only with the group.
    func runCancels() async {
        for await _ in beginning.stream {}
        for await cancel in cancels.stream { await cancel() }
        // Ending early would end the attempt with it.
        try? await Task.sleep(for: .seconds(1_000_000))
    }

    func finish() {
        wish.continuation.finish()
        beginning.continuation.finish()
        cancels.continuation.finish()
    }
}
