import Core
import Storage
import Testing

@Suite struct BuildFlowTests {
    @Test func `a build goes from waiting over running to its verdict`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test"), .named("ship", needs: ["test"])])
            #expect(build.state == .waiting)
            #expect(build.number == 1)

            let test = try await scratch.dispatch().only
            #expect(try await scratch.job("test", of: build.id).state == .waiting)
            try await scratch.accept(test)
            #expect(try await scratch.build(build.id).state == .running)
            #expect(try await scratch.build(build.id).startedAt == after(2))
            #expect(try await scratch.job("test", of: build.id).state == .running)
            #expect(try await scratch.job("test", of: build.id).waitingReason == nil)

            let end = try await scratch.finish(test)
            #expect(end.hasFreedJobs)
            #expect(end.buildResult == nil)
            let ship = try await scratch.dispatch().only
            try await scratch.accept(ship)
            #expect(try await scratch.finish(ship).buildResult == .success)

            let ended = try await scratch.build(build.id)
            #expect(ended.state == .finished)
            #expect(ended.result == .success)
            #expect(ended.startedAt == after(2))
            #expect(ended.finishedAt == after(3))
        }
    }

    @Test func `what a build was started with is what it says later`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test", labels: ["arm", "big"])])
            #expect(try await scratch.build(build.id) == build)
            let job = try await scratch.job("test", of: build.id)
            #expect(job.spec == .named("test", labels: ["arm", "big"]))
            #expect(job.steps == initialSteps(of: job.spec))
        }
    }

    @Test func `who needs a red job is skipped and the build is red`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("test"), .named("ship", needs: ["test"]),
                .named("tell", needs: ["test"], condition: .failure),
            ])
            try await scratch.finish(scratch.dispatch().only, .failure)
            let ship = try await scratch.job("ship", of: build.id)
            #expect(ship.result == .skipped)
            #expect(ship.reason == "it needs test, which ended with failure")
            let tell = try await scratch.dispatch().only
            #expect(tell.spec.name == "tell")
            #expect(try await scratch.finish(tell).buildResult == .failure)
        }
    }

    @Test func `a job that may fail ends with warnings`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("lint", allowFailure: true), .named("test", needs: ["lint"]),
            ])
            try await scratch.finish(scratch.dispatch().only, .failure)
            #expect(try await scratch.job("lint", of: build.id).result == .warnings)
            let end = try await scratch.finish(scratch.dispatch().only)
            #expect(end.buildResult == .warnings)
        }
    }

    @Test func `only the failure of the tested code is forgiven`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("lint", allowFailure: true)])
            try await scratch.finish(scratch.dispatch().only, .exception)
            #expect(try await scratch.job("lint", of: build.id).result == .exception)
        }
    }

    @Test func `a blocked job says what it waits for as that shrinks`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("a"), .named("b"), .named("c", needs: ["a", "b"]),
            ])
            #expect(try await scratch.job("c", of: build.id).waitingReason == "It waits for a, b.")
            let offers = try await scratch.dispatch()
            let a = try offers.first { $0.spec.name == "a" }.known
            try await scratch.finish(a)
            #expect(try await scratch.job("c", of: build.id).waitingReason == "It waits for b.")
        }
    }

    @Test func `builds are listed newest first as the filter wants them`() async throws {
        try await Scratch.with { scratch in
            let shop = try await scratch.addRepository("shop").id
            let bank = try await scratch.addRepository("bank").id
            let red = try await scratch.start([.named("a")], in: shop)
            try await scratch.finish(scratch.dispatch().only, .failure)
            let running = try await scratch.start([.named("a")], in: shop)
            try await scratch.accept(scratch.dispatch().only)
            let waiting = try await scratch.start([.named("a")], in: bank)

            func ids(
                _ filter: BuildFilter,
                limit: Int = 10,
                before cursor: BuildID? = nil
            ) async throws -> [BuildID] {
                try await scratch.read { tx in
                    try tx.builds(filter, limit: limit, before: cursor).map(\.id)
                }
            }
            #expect(try await ids(BuildFilter()) == [waiting.id, running.id, red.id])
            #expect(try await ids(BuildFilter(), limit: 1) == [waiting.id])
            #expect(try await ids(BuildFilter(), before: running.id) == [red.id])
            #expect(try await ids(BuildFilter(repository: "shop")) == [running.id, red.id])
            #expect(try await ids(BuildFilter(repository: "nobody")).isEmpty)
            #expect(try await ids(BuildFilter(state: .waiting)) == [waiting.id])
            #expect(try await ids(BuildFilter(state: .running)) == [running.id])
            #expect(try await ids(BuildFilter(state: .finished)) == [red.id])
            #expect(try await ids(BuildFilter(result: .failure)) == [red.id])
            #expect(try await ids(BuildFilter(result: .success)).isEmpty)
            #expect(try await ids(BuildFilter(ref: "refs/heads/main")).count == 3)
            #expect(try await ids(BuildFilter(ref: "refs/heads/other")).isEmpty)
            #expect(try await ids(BuildFilter(repository: "shop", pipeline: "main")).count == 2)
        }
    }
}
