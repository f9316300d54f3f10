import Core
import Storage
import Testing

@Suite struct TrialTests {
    @Test func `a try is spent when its builds have ended long ago`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let sha = Commit.sample().sha
            let change = Change(
                repository: id,
                event: .trial,
                ref: Ref.trial(by: "alice", of: "main"),
                before: nil,
                commit: .sample(),
                actor: "alice"
            )
            let builds = try await scratch.write { tx in
                try tx.noteTrial(sha, of: id, at: noon)
                return try tx.start(
                    [.main([.named("test")])],
                    for: change,
                    idempotencyKey: nil,
                    at: noon
                )
            }
            func spent(_ seconds: Double) async throws -> [String] {
                try await scratch.read { tx in
                    try tx.spentTrials(before: after(seconds), limit: 9).map(\.sha)
                }
            }
            #expect(try await spent(1_000) == [])
            try await scratch.cancel(try builds.only.id, at: after(100))
            #expect(try await spent(50) == [])
            #expect(try await spent(1_000) == [sha])
            let found = try await scratch.read { tx in
                try tx.spentTrials(before: after(1_000), limit: 9)
            }
            #expect(try found.only.isPushed == false)
            _ = try await scratch.start([.named("test")], in: id)
            let pushed = try await scratch.read { tx in
                try tx.spentTrials(before: after(1_000), limit: 9)
            }
            #expect(try pushed.only.isPushed)
            #expect(try await scratch.read { try $0.isTried(sha, of: id) })
            try await scratch.write { tx in
                try tx.releaseTrial(Trial(repository: "shop", sha: sha), at: after(1_000))
            }
            #expect(try await spent(1_000) == [])
            // What was let go of is still a try, until it is pushed.
            #expect(try await scratch.read { try $0.isTried(sha, of: id) })
            _ = try await scratch.write { tx in
                try tx.accept(
                    .push(in: id, before: nil),
                    starting: [.main([.named("test")])],
                    at: after(2_000)
                )
            }
            #expect(try await !scratch.read { try $0.isTried(sha, of: id) })
        }
    }

    @Test func `one that led to no build is spent by its age`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            try await scratch.write { try $0.noteTrial("a", of: id, at: noon) }
            let young = try await scratch.read { try $0.spentTrials(before: noon, limit: 9) }
            #expect(young == [])
            let old = try await scratch.read { try $0.spentTrials(before: after(1), limit: 9) }
            #expect(old == [Trial(repository: "shop", sha: "a")])
            _ = try await scratch.write { try $0.removeRepository(named: "shop") }
            #expect(try await scratch.rows(in: ["trial"]) == 0)
        }
    }
}
