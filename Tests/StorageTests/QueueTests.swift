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

    @Test func `a look at a long queue costs no more than one at a short queue`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            func steps(waiting count: Int) async throws -> Int {
                for _ in 0..<count { _ = try await scratch.start([.named("a")], in: id) }
                return try await scratch.steps {
                    let offers = try await scratch.dispatch(to: [.idle(slots: 1)])
                    #expect(offers.count == 1)
                }
            }
            // The first ones prepare statements and tell reasons.
            _ = try await steps(waiting: 5)
            let short = try await steps(waiting: 20)
            let long = try await steps(waiting: 2_000)
            #expect(long < 2 * short)
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
            arm.lastSeenAt = after(0)
            #expect(
                try await reason(with: [arm])
                    == "Every worker that could run it is away: a (last seen 2025-06-15 15:06 UTC)."
            )
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

    @Test(arguments: 0..<20)
    func `the lanes of the dispatcher decide as Core does over all`(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let labels = [[], ["arm"], ["arm", "gpu"], ["gpu"]]
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
            var lanes: [Lane] = []
            let repositories = [
                try await scratch.addRepository("a").id, try await scratch.addRepository("b").id,
            ]
            for number in 0..<40 {
                let since = after(Double(Int.random(in: 0..<5, using: &random)))
                let repository = try repositories.randomElement(using: &random).known
                let spec = JobSpec.named(
                    "job \(number)",
                    labels: labels.randomElement(using: &random) ?? [],
                    locks: Int.random(in: 0..<4, using: &random) == 0 ? [LockSpec(name: "a")] : []
                )
                let build = try await scratch.start([spec], in: repository, at: since)
                let job = LaneJob(
                    id: try await scratch.job(spec.name, of: build.id).id,
                    rank: since,
                    image: "debian:bookworm-slim"
                )
                let place = lanes.firstIndex {
                    $0.repository == repository && $0.labels == spec.labels
                        && $0.locks == spec.lockDemands
                }
                if let place {
                    lanes[place].jobs.append(job)
                    lanes[place].jobs.sort()
                } else {
                    lanes.append(
                        Lane(
                            repository: repository,
                            labels: spec.labels,
                            locks: spec.lockDemands,
                            jobs: [job]
                        )
                    )
                }
            }
            let expected = assign(QueueSnapshot(lanes: lanes), to: workers)
            let offers = try await scratch.dispatch(to: workers, at: after(9))
            let given = offers.map { Assignment(job: $0.job, worker: $0.attempt.worker) }
            #expect(given == expected.assignments)
            let queue = try await scratch.read { tx in try tx.queue(limit: 100) }
            for (index, lane) in lanes.enumerated() {
                let left = Set(lane.jobs.map(\.id)).subtracting(given.map(\.job))
                let told = queue.filter { left.contains($0.job) }
                #expect(told.count == left.count)
                let isLocked = told.contains { $0.reason.contains("lock a") }
                // Core knows a job that was given out just now only by its number.
                if isLocked { continue }
                #expect(told.allSatisfy { $0.reason == expected.reasons[index]?.sentence })
            }
        }
    }

    @Test func `a priority goes first until a job has waited longer than it is worth`() async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            func start(_ priority: Int, at second: Double) async throws {
                let plan = Plan(
                    pipeline: "main",
                    jobs: [.named("p\(priority) \(second)")],
                    priority: priority
                )
                _ = try await scratch.start(BuildDraft(plan, reason: ""), in: id, at: after(second))
            }
            try await start(0, at: 0)
            try await start(10, at: 599)
            try await start(10, at: 601)
            try await start(-1, at: 0)
            var order: [String] = []
            for _ in 0..<4 {
                let offer = try await scratch.dispatch(to: [.idle(slots: 1)], at: after(700)).only
                order.append(offer.spec.name)
                try await scratch.finish(offer)
            }
            #expect(order == ["p10 599.0", "p0 0.0", "p10 601.0", "p-1 0.0"])
        }
    }

    @Test func `a flood in one repository does not hold up another`() async throws {
        try await Scratch.with { scratch in
            let flood = try await scratch.addRepository("flood").id
            _ = try await scratch.start((0..<400).map { .named("job \($0)") }, in: flood)
            var running = try await scratch.dispatch(to: [.idle(slots: 2)])
            let other = try await scratch.addRepository("other").id
            let build = try await scratch.start([.named("test")], in: other, at: after(60))
            try await scratch.finish(running.removeFirst())
            let next = try await scratch.dispatch(to: [.idle(slots: 1)], at: after(61)).only
            #expect(next.build.id == build.id)
        }
    }

    @Test func `a lock is held by the jobs that run, and by nothing when they have ended`()
        async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository("shop").id
            let spec = JobSpec.named("test", locks: [LockSpec(name: "licence")])
            for second in 0..<2 {
                _ = try await scratch.start([spec], in: id, at: after(Double(second)))
            }
            let first = try await scratch.dispatch().only
            let waiting = try await scratch.read { tx in try tx.queue(limit: 9) }.only
            #expect(waiting.reason == "It waits for the lock licence, which shop #1 (test) holds.")
            let book = try await scratch.read { tx in try tx.lockBook() }
            #expect(book.holdings.map(\.holder.text) == ["shop #1 (test)"])
            // A loss gives it back as well, and the job that lost it is still first in line.
            try await scratch.lose(first)
            let again = try await scratch.dispatch().only
            #expect(again.job == first.job)
            try await scratch.finish(again)
            #expect(try await scratch.dispatch().only.build.number == 2)
        }
    }

    @Test func `the capacity of a lock is a setting`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository("shop").id
            let lock = LockSpec(name: "licence", mode: .counting)
            for second in 0..<4 {
                let spec = JobSpec.named("test", locks: [lock])
                _ = try await scratch.start([spec], in: id, at: after(Double(second)))
            }
            let setting = LockCapacity(lock: LockName("licence"), capacity: 3)
            try await scratch.write { tx in try tx.setCapacity(setting) }
            #expect(try await scratch.dispatch().count == 3)
            #expect(try await scratch.read { tx in try tx.lockCapacities() } == [setting])
            let forgotten = try await scratch.write { tx in
                (
                    try tx.forgetCapacity(of: setting.lock, on: nil),
                    try tx.forgetCapacity(of: setting.lock, on: nil)
                )
            }
            #expect(forgotten == (true, false))
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
