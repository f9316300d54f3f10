import Core
import Storage
import Testing

@Suite struct CancelTests {
    @Test func `what waits ends at once and what runs is told`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("a"), .named("b"), .named("c", needs: ["a"]),
            ])
            let offer = try await scratch.dispatch(to: [.idle(slots: 1)]).only
            try await scratch.accept(offer)
            let running = try await scratch.cancel(build.id)
            #expect(running?.map(\.id) == [offer.attempt.id])
            #expect(try await scratch.job("b", of: build.id).result == .cancelled)
            #expect(try await scratch.job("c", of: build.id).result == .cancelled)
            #expect(try await scratch.job("a", of: build.id).state == .running)
            #expect(try await scratch.build(build.id).state == .running)
            let live = try await scratch.read { tx in try tx.liveAttempts() }.only
            #expect(live.isCancelled)
            #expect(live.build.cancelledBy == "Ada")
        }
    }

    @Test(arguments: BuildResult.allCases)
    func `whatever is told after a cancellation the job is cancelled`(
        result: BuildResult
    ) async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer)
            try await scratch.cancel(build.id)
            #expect(try await scratch.finish(offer, result).buildResult == .cancelled)
            #expect(try await scratch.job("test", of: build.id).result == .cancelled)
        }
    }

    @Test func `a cancelled job whose worker is lost is not tried again`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            try await scratch.cancel(build.id)
            #expect(try await scratch.lose(offer)?.buildResult == .cancelled)
            #expect(try await scratch.build(build.id).result == .cancelled)
            #expect(try await scratch.dispatch().isEmpty)
        }
    }

    @Test func `a build that never ran is cancelled at once`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            #expect(try await scratch.cancel(build.id)?.isEmpty == true)
            let ended = try await scratch.build(build.id)
            #expect(ended.result == .cancelled)
            #expect(ended.finishedAt == after(5))
            #expect(ended.cancelledBy == "Ada")
        }
    }

    @Test func `the first to cancel is remembered`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            _ = try await scratch.dispatch()
            try await scratch.cancel(build.id)
            let again = try await scratch.write { tx in
                try tx.cancel(build.id, by: "Bob", at: after(9))
            }
            #expect(again?.count == 1)
            #expect(try await scratch.build(build.id).cancelledBy == "Ada")
        }
    }

    @Test func `a finished build is not cancelled and an unknown one is not found`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            try await scratch.finish(scratch.dispatch().only)
            #expect(try await scratch.cancel(build.id)?.isEmpty == true)
            #expect(try await scratch.build(build.id).result == .success)
            #expect(try await scratch.cancel(BuildID(77)) == nil)
        }
    }
}
