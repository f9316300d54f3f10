import Core
import Foundation
import Storage
import Testing

@Suite struct GateTests {
    private static func spec(_ steps: String..., timeout: TimeSpan? = nil, needed: Int = 1)
        -> JobSpec
    {
        JobSpec(
            name: "ship",
            steps: steps.map { name in
                guard name.hasPrefix("gate") else {
                    return StepSpec(name: name, action: .run(script: name), image: .reference("a"))
                }
                let gate = GateSpec(name: name, approvers: [], min: needed, timeout: timeout)
                return StepSpec(name: name, action: .gate(gate))
            }
        )
    }

    private func end(
        _ scratch: Scratch,
        _ offer: Offer,
        gate: Int? = nil,
        _ result: BuildResult = .success,
        steps indices: ClosedRange<Int>,
        outputs: [String: String] = [:],
        summary: String? = nil
    ) async throws -> JobEnd {
        let end = AttemptEnd(
            result: result,
            reason: nil,
            steps: indices.map {
                Step(
                    index: $0,
                    name: "",
                    kind: .run,
                    state: .finished,
                    result: result,
                    logLength: 5
                )
            },
            logDigests: [:],
            artifacts: [],
            outputs: outputs,
            summary: summary,
            variables: ["A": "1"],
            gate: gate
        )
        return try await scratch.write { tx in
            try tx.finish(end, of: offer.attempt.id, fence: offer.attempt.fence, at: after(3))
        }
    }

    @discardableResult
    private func say(
        _ scratch: Scratch,
        _ verdict: GateWord.Verdict = .approved,
        _ name: String = "bob",
        gate: String = "gate",
        of job: JobID
    ) async throws -> GateMove {
        let word = GateWord(verdict: verdict, actor: name, reason: "because", saidAt: after(60))
        return try await scratch.write { tx in
            try tx.say(word, about: gate, of: job, by: GateCaller(name: name), ownersMayOpen: false)
        }
    }

    @Test func `a job waits at its gate without a worker, and goes on behind it`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("make", "gate", "ship")])
            let first = try await scratch.dispatch().only
            try await scratch.accept(first)
            let reached = try await end(scratch, first, gate: 2, steps: 0...1, outputs: ["x": "1"])
            #expect(reached.buildResult == nil)
            let waiting = try await scratch.job("ship", of: build.id)
            #expect(waiting.state == .waiting)
            #expect(
                waiting.waitingReason == "It waits at the gate gate: 0 of 1 approval; "
                    + "may be opened by everyone who may start builds."
            )
            #expect(waiting.steps.map(\.state) == [.finished, .finished, .running, .waiting])
            #expect(try await scratch.read { try $0.liveAttempts() }.isEmpty)
            #expect(try await scratch.dispatch().isEmpty)
            #expect(try await scratch.read { try $0.queue(limit: 9) }.map(\.job) == [first.job])
            // Told again, the end of the first attempt changes nothing.
            _ = try await end(scratch, first, gate: 2, steps: 0...1)

            let opened = try await say(scratch, of: first.job)
            #expect(opened.gate.state == .open)
            #expect(opened.end?.hasFreedJobs == true)
            let second = try await scratch.dispatch().only
            #expect(second.attempt.fence > first.attempt.fence)
            #expect(second.spec.steps.map { $0.skipReason == nil } == [false, false, true])
            #expect(second.spec.earlier?.variables == ["A": "1"])
            let attempt = try await scratch.read { try $0.attempt(second.attempt.id) }
            #expect(attempt?.spec == second.spec)
            try await scratch.accept(second)
            let done = try await end(scratch, second, steps: 0...3, outputs: ["y": "2"])
            #expect(done.buildResult == .success)
            let job = try await scratch.job("ship", of: build.id)
            #expect(job.steps.map(\.result) == [.success, .success, .success, .success])
            #expect(job.steps[2].reason == "opened by bob")
            #expect(job.startedAt == after(2))
            let logs = try await scratch.read { tx in
                try (0...3).map { try tx.attempt(withLogOf: $0, of: first.job) }
            }
            #expect(logs[1] == first.attempt.id)
            #expect(logs[3] == second.attempt.id)
            #expect(
                try await scratch.text("SELECT outputs FROM job") == #"{"x":"1","y":"2"}"#
            )
        }
    }

    @Test func `a job says what it said before its gate and behind it`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("make", "gate", "ship")])
            let first = try await scratch.dispatch().only
            _ = try await end(scratch, first, gate: 2, steps: 0...1, summary: "# Made")
            try await say(scratch, of: first.job)
            let second = try await scratch.dispatch().only
            _ = try await end(scratch, second, steps: 0...3, summary: "# Shipped")
            let said = try await scratch.read { try $0.summaries(of: build.id) }
            #expect(said.map(\.text) == ["# Made\n# Shipped"])
        }
    }

    @Test func `what went before a gate counts in the end`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("make", "gate", "ship")])
            let first = try await scratch.dispatch().only
            _ = try await end(scratch, first, gate: 2, .warnings, steps: 0...1)
            try await say(scratch, of: first.job)
            let second = try await scratch.dispatch().only
            _ = try await end(scratch, second, steps: 3...3)
            #expect(try await scratch.build(build.id).result == .warnings)
        }
    }

    @Test func `a loss behind a gate starts again behind it, and is the first`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([Self.spec("make", "gate", "ship")])
            let first = try await scratch.dispatch().only
            _ = try await end(scratch, first, gate: 2, steps: 0...1)
            try await say(scratch, of: first.job)
            for _ in 1...2 {
                let lost = try await scratch.dispatch().only
                try await scratch.accept(lost)
                try await scratch.lose(lost)
            }
            let last = try await scratch.dispatch().only
            #expect(last.attempt.number == 4)
            #expect(last.spec.steps.map { $0.skipReason == nil } == [false, false, true])
            let log = try await scratch.read { try $0.attempt(withLogOf: 1, of: first.job) }
            #expect(log == first.attempt.id)
            #expect(try await end(scratch, last, steps: 3...3).buildResult == .success)
        }
    }

    @Test func `gates first, last and side by side need no worker`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("gate 1", "gate 2", "make", "gate 3")])
            #expect(try await scratch.dispatch().isEmpty)
            let job = try await scratch.job("ship", of: build.id).id
            try await say(scratch, gate: "gate 1", of: job)
            #expect(try await scratch.dispatch().isEmpty)
            try await say(scratch, gate: "gate 2", of: job)
            let offer = try await scratch.dispatch().only
            _ = try await end(scratch, offer, gate: 4, steps: 3...3)
            let last = try await say(scratch, gate: "gate 3", of: job)
            #expect(last.end?.buildResult == .success)
            #expect(try await scratch.job("ship", of: build.id).attempt == 1)
        }
    }

    @Test func `a job behind another comes to its gate when that has ended`() async throws {
        try await Scratch.with { scratch in
            var ship = Self.spec("gate", "make")
            ship.needs = ["test"]
            let build = try await scratch.start([.named("test"), ship])
            #expect(try await scratch.read { try $0.waitingGates(limit: 9) }.isEmpty)
            try await scratch.finish(scratch.dispatch().only)
            #expect(
                try await scratch.read { try $0.waitingGates(limit: 9) }.map(\.build) == [build.id]
            )
        }
    }

    @Test func `two different people have to agree, and neither may be who wrote it`() async throws
    {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("gate", "make", needed: 2)])
            let job = try await scratch.job("ship", of: build.id).id
            for _ in 1...2 { #expect(try await say(scratch, of: job).gate.state == .waiting) }
            #expect(
                try await scratch.job("ship", of: build.id).waitingReason?
                    .contains("1 of 2 approvals") == true
            )
            for name in ["Ada", "ada"] {
                await #expect(throws: StorageError.self) {
                    try await say(scratch, .approved, name, of: job)
                }
            }
            #expect(try await say(scratch, .approved, "eve", of: job).gate.state == .open)
            await #expect(throws: StorageError.self) {
                try await say(scratch, .approved, "eve", of: job)
            }
            #expect(try await scratch.rows(in: ["gateWord"]) == 2)
        }
    }

    @Test func `a rejection ends the job red, with its reason, and frees what may run now`()
        async throws
    {
        try await Scratch.with { scratch in
            let cleanup = JobSpec.named("cleanup", needs: ["ship"], condition: .always)
            let build = try await scratch.start([Self.spec("gate", "make"), cleanup])
            let job = try await scratch.job("ship", of: build.id).id
            let move = try await say(scratch, .rejected, of: job)
            #expect(move.end?.hasFreedJobs == true)
            let ended = try await scratch.job("ship", of: build.id)
            #expect(ended.result == .failure)
            #expect(ended.reason == "the gate gate was rejected by bob: because")
            #expect(ended.steps.map(\.result) == [.skipped, .failure, .skipped])
            try await scratch.finish(scratch.dispatch().only)
            #expect(try await scratch.build(build.id).result == .failure)
        }
    }

    @Test func `a gate that nobody opens in time ends its job red`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("gate", "make", timeout: .hours(72))])
            let early = try await scratch.write { try $0.expireGates(at: after(72 * 3_600 - 1)) }
            #expect(early.isEmpty)
            #expect(try await !scratch.read { try $0.hasOverdueGate(at: after(72 * 3_600 - 1)) })
            #expect(try await scratch.read { try $0.hasOverdueGate(at: after(72 * 3_600)) })
            let late = try await scratch.write { try $0.expireGates(at: after(72 * 3_600)) }
            #expect(late.map(\.gate.state) == [.expired])
            let stored = try await scratch.build(build.id)
            #expect(stored.result == .failure)
            let job = try await scratch.job("ship", of: build.id)
            #expect(job.reason == "the gate gate was not opened in time: 0 of 1 approvals")
        }
    }

    @Test func `a cancel ends a job at its gate at once`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("make", "gate", "ship")])
            let offer = try await scratch.dispatch().only
            _ = try await end(scratch, offer, gate: 2, steps: 0...1)
            #expect(try await scratch.cancel(build.id)?.isEmpty == true)
            #expect(try await scratch.build(build.id).result == .cancelled)
            let gate = try await scratch.read { try $0.gates(of: build.id) }.only
            #expect(gate.state == .cancelled)
            await #expect(throws: StorageError.self) { try await say(scratch, of: offer.job) }
        }
    }

    @Test func `an end at a gate that comes after the cancel is a cancelled one`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("make", "gate", "ship")])
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer)
            _ = try await scratch.cancel(build.id)
            #expect(try await end(scratch, offer, gate: 2, steps: 0...1).buildResult == .cancelled)
        }
    }

    @Test func `a worker's gate must be one`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([Self.spec("make", "gate", "ship")])
            let offer = try await scratch.dispatch().only
            for wrong in [1, 3, 9] {
                await #expect(throws: StorageError.self) {
                    try await end(scratch, offer, gate: wrong, steps: 0...1)
                }
            }
        }
    }

    @Test func `a gate and its words outlive a restart`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository("shop").id
            let build = try await scratch.start([Self.spec("gate", "make", needed: 2)], in: id)
            let job = try await scratch.job("ship", of: build.id).id
            try await say(scratch, of: job)
            try scratch.database.close()
            let again = try ControlDatabase(path: scratch.path)
            let gate = try await again.read { try $0.waitingGates(limit: 9) }.only
            #expect(gate.approvals == ["bob"])
            try again.close()
        }
    }

    @Test func `what was said is never changed or taken back, and outlives its repository`()
        async throws
    {
        try await Scratch.with { scratch in
            let build = try await scratch.start([Self.spec("gate", "make", needed: 2)])
            try await say(scratch, of: scratch.job("ship", of: build.id).id)
            for sql in ["UPDATE gateWord SET actor = 'eve'", "DELETE FROM gateWord"] {
                await #expect(throws: (any Error).self) { try await scratch.execute(sql) }
            }
            _ = try await scratch.cancel(build.id)
            try await scratch.execute("DELETE FROM repository")
            #expect(try await scratch.rows(in: ["gate"]) == 0)
            #expect(try await scratch.rows(in: ["gateWord"]) == 1)
            #expect(try await scratch.text("SELECT build FROM gateWord")?.contains("#1") == true)
        }
    }
}
