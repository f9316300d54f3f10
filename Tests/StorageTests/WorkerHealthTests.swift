import Core
import Foundation
import Storage
import Testing

@Suite struct WorkerHealthTests {
    private func health(_ scratch: Scratch) async throws -> WorkerHealth {
        try await scratch.read { tx in try tx.workers().only.health }
    }

    private func greet(_ scratch: Scratch) async throws {
        let row = WorkerRow(name: "anvil", labels: [], slots: 4, version: "1", lastSeenAt: noon)
        try await scratch.write { tx in try tx.greet(row, at: noon) }
    }

    /// One more build whose only attempt ends so.
    private func end(_ scratch: Scratch, _ result: BuildResult, exitCode: Int? = nil) async throws {
        _ = try await scratch.start([.named("test")])
        let step = Step(
            index: 1,
            name: "",
            kind: .run,
            state: .finished,
            result: result,
            exitCode: exitCode
        )
        try await scratch.finish(scratch.dispatch().only, result, steps: [step])
    }

    @Test func `three failures of its machinery in a row put a worker into quarantine`()
        async throws
    {
        try await Scratch.with { scratch in
            try await greet(scratch)
            for count in 1...3 {
                try await end(scratch, .exception)
                #expect(try await health(scratch).failures == count)
            }
            #expect(try await health(scratch).quarantinedUntil == after(63))
            try await end(scratch, .exception)
            #expect(try await health(scratch).quarantinedUntil == after(123))
        }
    }

    @Test func `a job that shows that it works ends the count, and so does a person`() async throws
    {
        try await Scratch.with { scratch in
            try await greet(scratch)
            for result in [BuildResult.success, .failure] {
                try await end(scratch, .exception)
                try await end(scratch, .cancelled)
                #expect(try await health(scratch).failures == 1)
                try await end(scratch, result)
                #expect(try await health(scratch) == WorkerHealth())
            }
            for _ in 1...3 { try await end(scratch, .exception) }
            try await scratch.write { tx in try tx.setMode(.paused, ofWorker: "anvil") }
            #expect(try await health(scratch).failures == 3)
            try await scratch.write { tx in try tx.setMode(.taking, ofWorker: "anvil") }
            #expect(try await health(scratch) == WorkerHealth())
        }
    }

    @Test func `what a step says of itself is not held against the worker`() async throws {
        try await Scratch.with { scratch in
            try await greet(scratch)
            for _ in 1...5 { try await end(scratch, .exception, exitCode: 75) }
            #expect(try await health(scratch) == WorkerHealth())
        }
    }

    @Test func `offers that are not taken count, silence does not`() async throws {
        try await Scratch.with { scratch in
            try await greet(scratch)
            _ = try await scratch.start([.named("test")])
            let refused = try await scratch.dispatch().only
            try await scratch.lose(refused)
            #expect(try await health(scratch).failures == 1)
            let silent = try await scratch.dispatch().only
            try await scratch.accept(silent)
            try await scratch.lose(silent)
            #expect(try await health(scratch).failures == 1)
        }
    }

    @Test func `a quarantine, a pause and a paused queue outlive a restart`() async throws {
        try await Scratch.with { scratch in
            try await greet(scratch)
            for _ in 1...3 { try await end(scratch, .exception) }
            let pause = QueuePause(by: "ada", reason: "the switch is being replaced")
            try await scratch.write { tx in
                try tx.setMode(.draining, ofWorker: "anvil")
                try tx.pauseQueue(["gpu", "arm"], pause, at: noon)
            }
            try scratch.database.close()
            let again = try ControlDatabase(path: scratch.path)
            let (worker, queues) = try await again.read { tx in
                (try tx.workers().only, try tx.pausedQueues())
            }
            #expect(worker.mode == .draining)
            #expect(worker.health.quarantinedUntil == after(63))
            #expect(queues.map(\.labels) == [["arm", "gpu"]])
            #expect(queues.map(\.pause) == [pause])
            try again.close()
        }
    }

    @Test func `a paused queue waits and says so, and the others move`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            _ = try await scratch.start([.named("a", labels: ["arm"]), .named("b")], in: id)
            let worker = WorkerSnapshot.idle(labels: ["arm"])
            try await scratch.write { tx in
                try tx.pauseQueue(["arm"], QueuePause(by: "ada"), at: noon)
            }
            #expect(try await scratch.dispatch(to: [worker]).map(\.spec.name) == ["b"])
            let entry = try await scratch.read { tx in try tx.queue(limit: 9) }.only
            #expect(entry.reason == "This queue was paused by ada.")
            #expect(try await scratch.write { tx in try tx.resumeQueue(["arm"]) })
            #expect(try await scratch.dispatch(to: [worker]).map(\.spec.name) == ["a"])
            #expect(try await !scratch.write { tx in try tx.resumeQueue(["arm"]) })
        }
    }
}
