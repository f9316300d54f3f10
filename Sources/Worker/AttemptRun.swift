import Core
import Foundation
import Logging
import Synchronization
import Wire

/// One attempt on this worker: begin, run, send the logs, tell the end, clean up.
struct AttemptRun: Sendable {
    let order: JobOrder
    let engine: any JobEngine
    let desk: ReportDesk
    let client: MasterClient
    let logger: Logger

    private var reference: AttemptReference {
        AttemptReference(attempt: order.attempt, fence: order.fence)
    }

    /// Runs it; `isResumed` for one that an earlier process had begun.
    func run(isResumed: Bool) async {
        // It holds no more than there were heartbeats since: each may tell of a cancel again.
        let (wishes, wish) = AsyncStream.makeStream(of: Wish.self)
        await desk.open(
            reference,
            cancel: { wish.yield(.cancel) },
            abandon: { wish.yield(.abandon) }
        )
        let isAbandoned = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await attempt(isResumed: isResumed) { wish.yield(.begun) }
                return false
            }
            group.addTask { await heed(wishes) }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        if isAbandoned {
            logger.warning(
                "Attempt was taken away; its containers go",
                metadata: ["attempt": "\(order.attempt)"]
            )
            await engine.release(order)
        }
        await desk.close(order.attempt)
    }

    /// Does what the master wishes; true when it has given the attempt to someone else, false when
    /// the task is cancelled, and nothing in between.
    private func heed(_ wishes: AsyncStream<Wish>) async -> Bool {
        var hasBegun = false
        var isCancelWished = false
        var isCancelled = false
        for await wish in wishes {
            switch wish {
            case .abandon: return true
            case .begun: hasBegun = true
            case .cancel: isCancelWished = true
            }
            // One that comes sooner, as with the acceptance, waits for the beginning.
            if hasBegun, isCancelWished, !isCancelled {
                isCancelled = true
                await engine.cancel(order)
            }
        }
        return false
    }

    private func attempt(isResumed: Bool, onceBegun: () -> Void) async {
        if !isResumed {
            guard await mayBegin() else { return }
            do {
                try await engine.begin(order)
            } catch {
                await finish(refusal("the worker could not begin: \(error)"))
                return
            }
        }
        onceBegun()
        let report = await runSendingLogs(isResumed: isResumed)
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

    private func runSendingLogs(isResumed: Bool) async -> FinishReport {
        let growth = LogGrowth()
        // What an earlier process read and did not send does not grow any more.
        if isResumed { for step in 0...order.spec.steps.count { growth.grew(step) } }
        return await withTaskGroup(of: FinishReport?.self) { group in
            group.addTask {
                let listener = DeskListener(desk: desk, growth: growth, attempt: order.attempt)
                let report = await engine.run(order, telling: listener)
                growth.finish()
                return report
            }
            for await log in growth.logs {
                group.addTask {
                    await send(log.step, log.growth)
                    return nil
                }
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

/// What the master wishes of an attempt, and whether the engine can be told.
private enum Wish {
    case begun, cancel, abandon
}

/// Wake-ups of the logs that have something in them.
private final class LogGrowth: Sendable {
    /// A step's log, told once.
    struct Log {
        var step: Int
        var growth: AsyncStream<Void>
    }

    let logs: AsyncStream<Log>
    private let sink: AsyncStream<Log>.Continuation
    private let growing = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])

    init() {
        (logs, sink) = AsyncStream.makeStream(of: Log.self)
    }

    func grew(_ step: Int) {
        growing.withLock { growing in
            if let known = growing[step] {
                known.yield()
                return
            }
            let (growth, continuation) = AsyncStream.makeStream(
                of: Void.self,
                bufferingPolicy: .bufferingNewest(1)
            )
            continuation.yield()
            growing[step] = continuation
            sink.yield(Log(step: step, growth: growth))
        }
    }

    func finish() {
        sink.finish()
        growing.withLock { growing in
            for continuation in growing.values { continuation.finish() }
        }
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
