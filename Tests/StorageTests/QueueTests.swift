import Core
import Foundation
import Storage
import Testing

@Suite struct QueueTests {
    @Test func `the oldest job goes first and the rest is told why it waits`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            for second in 0..<6 {
                _ = try await scratch.start([.named("a")], in: id, at: after(Double(second)))
            }
            let offers = try await scratch.dispatch(to: [.idle(slots: 2)], at: after(9))
            #expect(offers.map(\.build.number) == [1, 2])
            #expect(offers.map(\.attempt.state) == [.offered, .offered])
            let queue = try await scratch.read { tx in try tx.queue(limit: 10) }
            #expect(queue.map(\.number) == [3, 4, 5, 6])
            #expect(Set(queue.map(\.reason)) == [WaitingReason.workersBusy(slots: 2).sentence])
            #expect(queue.first?.since == after(2))
            #expect(try await scratch.read { tx in try tx.queue(limit: 2) }.count == 2)
        }
    }

    @Test func `blocked jobs are in the queue with what they wait for`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("test"), .named("ship", needs: ["test"])])
            _ = try await scratch.dispatch()
            let entry = try await scratch.read { tx in try tx.queue(limit: 10) }.only
            #expect(entry.name == "ship")
            #expect(entry.reason == "It waits for test.")
        }
    }

    @Test func `a reason follows the workers`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test", labels: ["arm"])])
            func reason(with workers: [WorkerSnapshot]) async throws -> String? {
                #expect(try await scratch.dispatch(to: workers).isEmpty)
                return try await scratch.job("test", of: build.id).waitingReason
            }
            var arm = WorkerSnapshot.idle("a", labels: ["arm"])
            #expect(try await reason(with: []) == WaitingReason.noWorker.sentence)
            #expect(
                try await reason(with: [.idle()])
                    == WaitingReason.noWorkerWithLabels(["arm"]).sentence
            )
            arm.isPaused = true
            #expect(try await reason(with: [arm]) == WaitingReason.workersPaused(["a"]).sentence)
            arm.isPresent = false
            #expect(try await reason(with: [arm]) == WaitingReason.workersAway(["a"]).sentence)
        }
    }

    @Test func `an offer is of a new attempt with a new fence`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let first = try await scratch.dispatch(to: [.idle("anvil")]).only
            #expect(first.attempt.number == 1)
            #expect(first.attempt.worker == "anvil")
            #expect(first.build.id == build.id)
            #expect(first.spec == .named("test"))
            #expect(try await scratch.dispatch().isEmpty)
            try await scratch.lose(first)
            let second = try await scratch.dispatch(to: [.idle("bellows")]).only
            #expect(second.attempt.number == 2)
            #expect(second.attempt.fence > first.attempt.fence)
            #expect(try await scratch.job("test", of: build.id).worker == "bellows")
        }
    }

    @Test func `jobs nobody can take hold up no others`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let hopeless = (0..<200).map { JobSpec.named("arm \($0)", labels: ["arm"]) }
            _ = try await scratch.start(hopeless, in: id, at: noon)
            _ = try await scratch.start([.named("test")], in: id, at: after(1))
            let offer = try await scratch.dispatch(to: [.idle(slots: 1)], at: after(2)).only
            #expect(offer.spec.name == "test")
        }
    }

    @Test(arguments: 0..<10)
    func `the groups of the dispatcher decide as Core does over all`(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let labels = [[], ["arm"], ["arm", "gpu"], ["gpu"]]
        let waiting = (0..<30).map { number in
            (
                JobSpec.named("job \(number)", labels: labels.randomElement(using: &random) ?? []),
                after(Double(Int.random(in: 0..<5, using: &random)))
            )
        }
        let workers = (0..<4).map { number in
            var worker = WorkerSnapshot.idle("worker \(number)")
            worker.labels = Set(labels.randomElement(using: &random) ?? [])
            worker.slots = Int.random(in: 0..<6, using: &random)
            worker.freeSlots = Int.random(in: 0...worker.slots, using: &random)
            worker.isPaused = Int.random(in: 0..<4, using: &random) == 0
            worker.isPresent = Int.random(in: 0..<4, using: &random) > 0
            worker.isAsking = worker.isPresent && Bool.random(using: &random)
            return worker
        }
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            var jobs: [WaitingJob] = []
            for (spec, since) in waiting {
                let build = try await scratch.start([spec], in: id, at: since)
                let job = try await scratch.job(spec.name, of: build.id)
                jobs.append(WaitingJob(id: job.id, labels: spec.labels, since: since))
            }
            let expected = assign(jobs, to: workers)
            let offers = try await scratch.dispatch(to: workers, at: after(9))
            let given = offers.map { Assignment(job: $0.job, worker: $0.attempt.worker) }
            #expect(given == expected.assignments)
            let queue = try await scratch.read { tx in try tx.queue(limit: 100) }
            let told = Dictionary(uniqueKeysWithValues: queue.map { ($0.job, $0.reason) })
            #expect(told == expected.reasons.mapValues(\.sentence))
        }
    }

    @Test func `one unreadable job ends as exception and stops no other`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let bad = try await scratch.start([.named("bad")], in: id)
            let worse = try await scratch.start([.named("worse", labels: ["arm"])], in: id)
            let good = try await scratch.start([.named("good")], in: id)
            try await scratch.execute(
                """
                DROP TRIGGER jobIsFrozen;
                UPDATE job SET spec = '{"name":1}' WHERE name = 'bad';
                UPDATE job SET labels = 'arm' WHERE name = 'worse';
                """
            )
            let offer = try await scratch.dispatch().only
            #expect(offer.build.id == good.id)
            for build in [bad, worse] {
                #expect(try await scratch.build(build.id).result == .exception)
                let job = try await scratch.read { tx in try tx.jobs(of: build.id) }.only
                #expect(job.reason?.contains("unreadable") == true)
            }
        }
    }

    @Test func `unreadable needs never let a job start`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test"), .named("ship", needs: ["test"])])
            try await scratch.execute(
                "DROP TRIGGER jobIsFrozen; UPDATE job SET needs = '[' WHERE name = 'ship'"
            )
            let end = try await scratch.finish(scratch.dispatch().only)
            #expect(end.buildResult == .exception)
            #expect(try await scratch.job("ship", of: build.id).result == .exception)
        }
    }
}
