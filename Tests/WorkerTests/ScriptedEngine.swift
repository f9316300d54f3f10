import Core
import NIOCore
import Synchronization
import Wire

@testable import Worker

/// An engine whose jobs end when a test says so.
final class ScriptedEngine: JobEngine {
    private struct State {
        var log = ""
        var isCancelled = false
    }

    private let state = Mutex(State())
    private let leftOver: [JobOrder]
    private let journal: Journal
    private let gate = AsyncStream.makeStream(of: Void.self)
    private let steps = AsyncStream.makeStream(of: StepReport.self)

    init(journal: Journal, log: String = "", leftOver: [JobOrder] = []) {
        self.journal = journal
        self.leftOver = leftOver
        state.withLock { $0.log = log }
    }

    /// Lets the running job end.
    func end() {
        gate.continuation.finish()
    }

    /// Lets the running job tell something.
    func tell(_ report: StepReport) {
        steps.continuation.yield(report)
    }

    func unfinished() async -> [JobOrder] { leftOver }

    func begin(_ order: JobOrder) async throws {
        journal.note("begin \(order.attempt)")
    }

    func run(_ order: JobOrder, telling listener: any JobListener) async -> FinishReport {
        journal.note("run \(order.attempt)")
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await report in self.steps.stream { await listener.stepChanged(report) }
            }
            group.addTask {
                listener.logGrew(step: 1)
                for await _ in self.gate.stream { continue }
            }
            // The gate decides; the steps' stream ends with it.
            await group.next()
            group.cancelAll()
        }
        if Task.isCancelled { journal.note("left \(order.attempt)") }
        return FinishReport(
            attempt: order.attempt,
            fence: order.fence,
            result: state.withLock { $0.isCancelled } ? .cancelled : .success,
            steps: []
        )
    }

    func cancel(_ order: JobOrder) async {
        journal.note("cancel \(order.attempt)")
        state.withLock { $0.isCancelled = true }
    }

    func log(of order: JobOrder, step: Int) -> LogSource? {
        let log = state.withLock { Array($0.log.utf8) }
        guard step == 1, !log.isEmpty else { return nil }
        return LogSource { offset, count in
            ByteBuffer(bytes: log.dropFirst(offset).prefix(count))
        }
    }

    func release(_ order: JobOrder) async {
        journal.note("release \(order.attempt)")
    }

    func upkeep() async {
        for await _ in AsyncStream<Void>.makeStream().stream { continue }
    }
}

/// An order of a job with one step.
func order(_ attempt: Int64, onLost: LossPolicy = .retry) -> JobOrder {
    JobOrder(
        attempt: attempt,
        fence: 1,
        job: attempt,
        build: 1,
        repository: "shop",
        ref: "refs/heads/main",
        sha: "0123456789abcdef0123456789abcdef01234567",
        environment: [:],
        spec: JobSpec(
            name: "test",
            onLost: onLost,
            steps: [StepSpec(name: "Tests", action: .run(script: "true"))]
        )
    )
}
