import Core
import Foundation
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Worker

@Suite struct WorkerServiceTests {
    private let journal = Journal()

    /// Runs a worker against a master that says what the script says.
    private func play(
        _ script: FakeMaster.Script,
        log: String = "",
        leftOver: [JobOrder] = [],
        slots: Int = 1,
        folder: String = "/nowhere",
        freeBytesMin: Int = 0,
        _ body: (FakeMaster, ScriptedEngine) async throws -> Void
    ) async throws {
        let master = FakeMaster(script, journal: journal)
        let engine = ScriptedEngine(journal: journal, log: log, leftOver: leftOver)
        try await master.serving { address in
            try await withWorker(
                of: address,
                engine,
                slots: slots,
                folder: folder,
                freeBytesMin: freeBytesMin
            ) {
                try await body(master, engine)
            }
        }
    }

    private func wait(for line: String) async throws {
        try await eventually("\(line) in \(journal.all)") { journal.has(line) }
    }

    /// The lines that are about jobs and not about asking.
    private var story: [String] {
        let asides = ["claim", "log", "kept", "beat 1"]
        return journal.all.filter { line in !asides.contains { line.hasPrefix($0) } }
    }

    @Test func `a job begins under its offer, and is accepted beside its run`() async throws {
        try await play(FakeMaster.Script(orders: [order(1)])) { _, engine in
            try await wait(for: "run 1")
            try await wait(for: "accept 1")
            engine.end()
            try await wait(for: "release 1")
        }
        let acts = ["begin 1", "run 1", "finish 1 success", "release 1"]
        #expect(story.filter { $0 != "accept 1" } == acts)
        #expect(journal.count("accept 1") == 1)
    }

    @Test(arguments: [LossPolicy.fail, .wait])
    func `a job that must not run twice is accepted before it begins`(
        policy: LossPolicy
    ) async throws {
        try await play(FakeMaster.Script(orders: [order(1, onLost: policy)])) { _, engine in
            try await wait(for: "run 1")
            engine.end()
            try await wait(for: "release 1")
        }
        #expect(story == ["accept 1", "begin 1", "run 1", "finish 1 success", "release 1"])
    }

    @Test func `a job whose offer is over is removed, and nothing is told of it`() async throws {
        var script = FakeMaster.Script(orders: [order(1)])
        script.accept = .stale
        try await play(script) { _, _ in
            try await wait(for: "release 1")
        }
        #expect(!journal.all.contains { $0.hasPrefix("finish 1") })
    }

    @Test func `a job that ended is not run again when its order is told late`() async throws {
        // The claim that waits at the master is answered with the job that ended meanwhile.
        let script = FakeMaster.Script(orders: [order(1)], claimWait: .seconds(30))
        try await play(script, slots: 2) { master, engine in
            try await wait(for: "run 1")
            try await wait(for: "claim 1")
            engine.end()
            try await wait(for: "release 1")
            master.script.withLock { script in
                script.claimWait = .seconds(1)
                script.orders = [order(1), order(2)]
            }
            try await wait(for: "release 2")
        }
        #expect(journal.count("run 1") == 1)
    }

    @Test func `a worker tells what it goes on with before it asks for anything`() async throws {
        try await play(FakeMaster.Script(), leftOver: [order(7)], slots: 2) { _, _ in
            try await wait(for: "claim 1")
        }
        let kept = try #require(journal.all.firstIndex(of: "kept 7"))
        let claim = try #require(journal.all.firstIndex(of: "claim 1"))
        #expect(kept < claim)
    }

    @Test func `a master that is not well is asked again`() async throws {
        try await play(FakeMaster.Script(orders: [order(1)], failures: 3)) { _, engine in
            try await wait(for: "run 1")
            engine.end()
            try await wait(for: "release 1")
        }
        #expect(journal.count("master 503") == 3)
        #expect(journal.count("begin 1") == 1)
    }

    @Test func `what must not run twice begins only when the master says yes`() async throws {
        var script = FakeMaster.Script(orders: [order(1, onLost: .fail)])
        script.accept = .stale
        try await play(script) { master, engine in
            try await wait(for: "accept 1")
            master.script.withLock { script in
                script.accept = .ok
                script.orders = [order(2, onLost: .fail)]
            }
            try await wait(for: "run 2")
            engine.end()
            try await wait(for: "release 2")
        }
        #expect(!journal.has("begin 1") && !journal.has("run 1"))
        #expect(!journal.all.contains { $0.hasPrefix("finish 1") })
    }

    @Test func `a job that was taken away is removed and nothing is told of it`() async throws {
        var script = FakeMaster.Script(orders: [order(1)])
        script.heartbeat = .stale
        try await play(script) { _, engine in
            try await wait(for: "run 1")
            engine.tell(StepReport(index: 1, state: .running, startedAgo: 0))
            try await wait(for: "release 1")
            try await wait(for: "claim 1")
        }
        #expect(journal.count("release 1") == 1)
        #expect(!journal.all.contains { $0.hasPrefix("finish") })
    }

    @Test func `a cancel reaches the engine once, however often the master says it`()
        async throws
    {
        var script = FakeMaster.Script(orders: [order(1)])
        script.heartbeat = .cancel
        try await play(script) { _, engine in
            try await wait(for: "run 1")
            engine.tell(StepReport(index: 0, state: .finished, result: .success))
            try await wait(for: "cancel 1")
            let beats = journal.count("beat 1")
            engine.tell(StepReport(index: 1, state: .running, startedAgo: 0))
            try await eventually("it is told again") { journal.count("beat 1") > beats }
            engine.end()
            try await wait(for: "release 1")
        }
        #expect(journal.count("cancel 1") == 1)
        #expect(journal.has("finish 1 cancelled"))
    }

    @Test func `an end is told until the master has it`() async throws {
        var script = FakeMaster.Script(orders: [order(1)])
        script.isDeafToFinishes = true
        try await play(script) { master, engine in
            try await wait(for: "run 1")
            engine.end()
            try await eventually("two refusals") { journal.count("master 503") >= 2 }
            #expect(!journal.has("release 1"))
            master.script.withLock { $0.isDeafToFinishes = false }
            try await wait(for: "release 1")
        }
        #expect(journal.count("finish 1 success") == 1)
    }

    @Test func `a log that the master has not whole is sent again before the end is`()
        async throws
    {
        var script = FakeMaster.Script(orders: [order(1)])
        script.finishes = [.logIncomplete]
        try await play(script, log: "hello") { master, engine in
            try await eventually("the log came") { master.log(1) == "hello" }
            // As after a crash of the master that lost what was not on disk.
            master.script.withLock { $0.logs = [1: Array("he".utf8)] }
            engine.end()
            try await wait(for: "release 1")
            #expect(master.log(1) == "hello")
        }
        #expect(journal.count("finish 1 success") == 2)
    }

    @Test func `a worker without room says so, and claims again when there is some`()
        async throws
    {
        try await withScratch { scratch in
            let script = FakeMaster.Script(orders: [order(1)])
            // What cannot be asked is no reason: with the folder the lack of room is gone.
            let folder = try scratch.write("", to: "worker/file").deletingLastPathComponent()
            try await play(script, folder: folder.path, freeBytesMin: .max) { _, engine in
                try await wait(for: "trouble")
                #expect(!journal.all.contains { $0.hasPrefix("claim") })
                try FileManager.default.removeItem(at: folder)
                try await wait(for: "run 1")
                engine.end()
                try await wait(for: "release 1")
            }
        }
    }

    @Test func `no more is claimed than there are slots`() async throws {
        let orders = [order(1), order(2), order(3)]
        try await play(FakeMaster.Script(orders: orders), slots: 2) { _, engine in
            try await wait(for: "run 1")
            try await wait(for: "run 2")
            #expect(!journal.has("accept 3"))
            engine.end()
            try await wait(for: "release 3")
        }
        let claims = journal.all.filter { $0.hasPrefix("claim") }
        #expect(Set(claims).isSubset(of: ["claim 1", "claim 2"]))
    }

    // MARK: Stopping

    @Test func `a stop leaves running jobs for the next process, which goes on with them`()
        async throws
    {
        try await play(FakeMaster.Script(orders: [order(1)])) { _, _ in
            try await wait(for: "run 1")
            try await wait(for: "accept 1")
        }
        #expect(Set(story) == ["accept 1", "begin 1", "run 1", "left 1"])
        try await play(FakeMaster.Script(), leftOver: [order(1)]) { _, engine in
            try await eventually("it runs again") { journal.count("run 1") == 2 }
            // The process before may have been killed between its beginning and that word.
            try await eventually("it is accepted again") { journal.count("accept 1") == 2 }
            engine.end()
            try await wait(for: "release 1")
        }
        #expect(story.count == 8 && story.suffix(2) == ["finish 1 success", "release 1"])
    }

    @Test func `a stop does not wait for a master that is away`() async throws {
        var script = FakeMaster.Script(orders: [order(1)])
        script.isDeafToFinishes = true
        try await play(script) { _, engine in
            try await wait(for: "run 1")
            engine.end()
            try await wait(for: "master 503")
        }
        #expect(!journal.has("release 1"))
    }
}
