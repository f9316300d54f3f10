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

            let end = try await scratch.finish(test)
            #expect(end.hasFreedJobs)
            #expect(end.buildResult == nil)
            let ship = try await scratch.dispatch().only
            try await scratch.accept(ship)
            #expect(try await scratch.finish(ship).buildResult == .success)

            let ended = try await scratch.build(build.id)
            #expect(ended.state == .finished)
            #expect(ended.result == .success)
            #expect(ended.finishedAt == after(3))
        }
    }
}
