import Core
import Storage
import Testing

@Suite struct FollowUpTests {
    private static func awaited(_ pipeline: String = "libs") -> BuildDraft {
        var draft = BuildDraft(Plan(pipeline: pipeline, jobs: [.named("test")]), reason: "push")
        draft.isAwaited = true
        return draft
    }

    @Test func `an awaited end is followed once`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let build = try await scratch.start(Self.awaited(), in: id)
            _ = try await scratch.start([.named("other")], in: id)
            #expect(try await scratch.read { try $0.followUps(limit: 9) }.isEmpty)
            for offer in try await scratch.dispatch() { try await scratch.finish(offer) }
            let ended = try await scratch.read { try $0.followUps(limit: 9) }.only
            #expect(ended.id == build.id)
            #expect(ended.result == .success)
            for round in 1...2 {
                let builds = try await scratch.write { tx in
                    try tx.follow(
                        build.id,
                        with: [.main([.named("next")])],
                        for: .manual(in: id),
                        at: noon
                    )
                }
                #expect((builds?.count == 1) == (round == 1))
            }
            #expect(try await scratch.read { try $0.followUps(limit: 9) }.isEmpty)
        }
    }

    @Test func `a build knows the pipelines that led to it`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let first = try await scratch.start(Self.awaited("a"), in: id)
            try await scratch.finish(try await scratch.dispatch().only)
            let second = try await scratch.write { tx in
                try tx.follow(
                    first.id,
                    with: [Self.awaited("b")],
                    for: .manual(in: id),
                    at: noon
                ).known.only
            }
            #expect(try await scratch.read { try $0.upstream(of: second.id) } == first.id)
            let names = try await scratch.read { try $0.pipelines(leadingTo: second.id) }
            #expect(names == ["a", "b"])
        }
    }

    @Test func `cancelled and covered builds have ended too, and a retry ends again`() async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let build = try await scratch.start(Self.awaited(), in: id)
            try await scratch.cancel(build.id)
            let ended = try await scratch.read { try $0.followUps(limit: 9) }.only
            #expect(ended.result == .cancelled)
            let again = try await scratch.retry(build.id, failedOnly: false)
            try await scratch.finish(try await scratch.dispatch().only)
            let both = try await scratch.read { try $0.followUps(limit: 9) }
            #expect(both.map(\.id) == [build.id, again.id])
        }
    }
}
