import Core
import GRDB
import Storage
import Testing

@Suite struct GroupTests {
    private static func draft(
        _ policy: ConcurrencyPolicy,
        limit: Int = 1,
        group: String = "deploy"
    ) -> BuildDraft {
        let plan = Plan(
            pipeline: "main",
            jobs: [.named("test")],
            concurrency: ConcurrencySpec(group: group, limit: limit, onNew: policy)
        )
        return BuildDraft(plan, reason: "push")
    }

    @Test func `a full group queues, in order, and each end lets the next one in`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            var builds: [Build] = []
            for _ in 1...3 {
                builds.append(try await scratch.start(Self.draft(.queue), in: id))
            }
            #expect(
                try await scratch.job("test", of: builds[2].id).waitingReason
                    == "It waits for a place in its group 'deploy': build #1 has the only one, "
                    + "and 1 more wait before it."
            )
            for build in builds {
                let offer = try await scratch.dispatch().only
                #expect(offer.build.id == build.id)
                let end = try await scratch.finish(offer)
                #expect(end.hasFreedJobs == (build.id != builds[2].id))
            }
            #expect(try await scratch.rows(in: ["place", "hold"]) == 0)
        }
    }

    @Test func `a group has as many places as its limit, in each repository`() async throws {
        try await Scratch.with { scratch in
            let one = try await scratch.addRepository("one").id
            let two = try await scratch.addRepository("two").id
            for _ in 1...3 { _ = try await scratch.start(Self.draft(.queue, limit: 2), in: one) }
            _ = try await scratch.start(Self.draft(.queue, limit: 2), in: two)
            _ = try await scratch.start(Self.draft(.queue, limit: 2, group: "x"), in: one)
            #expect(try await scratch.dispatch(to: [.idle(slots: 9)]).count == 4)
        }
    }

    @Test func `a new build cancels what runs in its group, and begins when that has ended`()
        async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let old = try await scratch.start(Self.draft(.cancel), in: id)
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer)
            let new = try await scratch.start(Self.draft(.cancel), in: id)
            #expect(try await scratch.build(old.id).cancelledBy == "build #2, which is newer")
            let stopped = try await scratch.read { try $0.cancelledAttempts() }
            #expect(stopped == [offer.attempt.id])
            #expect(try await scratch.dispatch().isEmpty)
            let end = try await scratch.finish(offer)
            #expect(end.buildResult == .cancelled)
            #expect(end.hasFreedJobs)
            #expect(try await scratch.dispatch().only.build.id == new.id)
        }
    }

    @Test func `a new build cancels what only waits, and begins at once`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let old = try await scratch.start(Self.draft(.cancel), in: id)
            let new = try await scratch.start(Self.draft(.cancel), in: id)
            #expect(try await scratch.build(old.id).result == .cancelled)
            #expect(try await scratch.dispatch().only.build.id == new.id)
        }
    }

    @Test func `a build that something else holds back takes no place`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            var late = Self.draft(.queue)
            late.holds = [.time(until: after(60))]
            let held = try await scratch.start(late, in: id)
            let soon = try await scratch.start(Self.draft(.queue), in: id)
            let offer = try await scratch.dispatch().only
            #expect(offer.build.id == soon.id)
            _ = try await scratch.write { try $0.liftDue(limit: 9, at: after(60)) }
            let holds = try await scratch.read { try $0.holds(of: held.id) }
            #expect(holds.map(\.kind) == [.concurrency])
            try await scratch.finish(offer)
            #expect(try await scratch.dispatch().only.build.id == held.id)
        }
    }

    @Test func `a cancelled build leaves its place, and its turn`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            var builds: [Build] = []
            for _ in 1...3 {
                builds.append(try await scratch.start(Self.draft(.queue), in: id))
            }
            try await scratch.cancel(builds[1].id)
            try await scratch.cancel(builds[0].id)
            #expect(try await scratch.dispatch().only.build.id == builds[2].id)
        }
    }
}
