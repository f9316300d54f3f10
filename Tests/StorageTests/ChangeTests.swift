import Core
import Storage
import Testing

@Suite struct ChangeTests {
    @Test func `a move of a ref starts its builds exactly once`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let first = Change.push(in: id, before: nil, commit: .sample(1))
            let second = Change.push(in: id, before: .sample(1), commit: .sample(2))
            #expect(try await accept(first, scratch)?.count == 1)
            #expect(try await accept(first, scratch) == nil)
            #expect(try await accept(second, scratch)?.map(\.number) == [2])
            #expect(try await accept(second, scratch) == nil)
            #expect(try await accept(first, scratch) == nil)
            let refs = try await scratch.read { tx in try tx.refs(of: id) }
            #expect(refs == ["refs/heads/main": Commit.sample(2).sha])
            #expect(try await scratch.rows(in: ["build"]) == 2)
        }
    }

    @Test func `of many who saw the same move one acts`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let change = Change.push(in: id, before: nil)
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await accept(change, scratch) != nil }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 1)
            #expect(try await scratch.rows(in: ["build"]) == 1)
        }
    }

    @Test func `a move to where the ref stands already is none`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            _ = try await accept(.push(in: id, before: nil), scratch)
            let still = Change.push(in: id, before: .sample(), commit: .sample())
            #expect(try await accept(still, scratch) == nil)
        }
    }

    @Test func `a change of an unknown repository is refused`() async throws {
        try await Scratch.with { scratch in
            let error = await #expect(throws: StorageError.self) {
                _ = try await accept(.push(in: RepositoryID(7), before: nil), scratch)
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `builds are numbered per repository from one`() async throws {
        try await Scratch.with { scratch in
            let shop = try await scratch.addRepository("shop")
            let bank = try await scratch.addRepository("bank")
            let numbers = [
                try await scratch.start([.named("a")], in: shop.id).number,
                try await scratch.start([.named("a")], in: shop.id).number,
                try await scratch.start([.named("a")], in: bank.id).number,
                try await scratch.start([.named("a")], in: shop.id).number,
            ]
            #expect(numbers == [1, 2, 1, 3])
        }
    }

    @Test func `a repeated request gets the builds of the first`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let other = try await scratch.addRepository("bank").id
            let first = try await start(in: id, key: "k1", scratch)
            #expect(try await start(in: id, key: "k1", scratch) == first)
            #expect(try await start(in: id, key: "k2", scratch) != first)
            #expect(try await start(in: other, key: "k1", scratch) != first)
            #expect(try await start(in: id, key: nil, scratch) != first)
            #expect(try await scratch.rows(in: ["build"]) == 4)
        }
    }

    @Test func `a key is forgotten after a week`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            _ = try await start(in: id, key: "old", scratch)
            let change = Change.manual(in: id)
            _ = try await scratch.write { tx in
                try tx.start(
                    [.main([.named("a")])],
                    for: change,
                    idempotencyKey: "new",
                    at: after(8 * 24 * 3_600)
                )
            }
            #expect(try await scratch.rows(in: ["idempotency"]) == 1)
        }
    }

    @Test func `a broken pipeline is one red build that shows its problems`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let problem = Problem(
                path: "pipelines/main.yml",
                line: 3,
                column: 5,
                message: "unknown key \"stepps\"",
                hint: "steps"
            )
            let draft = BuildDraft(
                pipeline: "main",
                reason: "push",
                problems: [problem]
            )
            let build = try await scratch.start(draft, in: id)
            #expect(build.state == .finished)
            #expect(build.result == .failure)
            #expect(try await scratch.build(build.id) == build)
            #expect(try await scratch.build(build.id).problems == [problem])
        }
    }

    @Test func `a build without jobs is skipped`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let build = try await scratch.start(.main([]), in: id)
            #expect(build.result == .skipped)
            #expect(try await scratch.build(build.id) == build)
        }
    }

    @Test func `a job that can never run has ended when its build begins`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("test"), .named("mourn", condition: .failure),
            ])
            let mourn = try await scratch.job("mourn", of: build.id)
            #expect(mourn.result == .skipped)
            #expect(mourn.reason == "nothing that it needs failed")
            #expect(mourn.steps.allSatisfy { $0.state == .finished && $0.result == .skipped })
        }
    }

    private func accept(_ change: Change, _ scratch: Scratch) async throws -> [Build]? {
        try await scratch.write { tx in
            try tx.accept(change, starting: [.main([.named("test")])], at: noon)
        }
    }

    private func start(
        in id: RepositoryID,
        key: String?,
        _ scratch: Scratch
    ) async throws -> [Build] {
        let change = Change.manual(in: id)
        return try await scratch.write { tx in
            try tx.start(
                [.main([.named("test")])],
                for: change,
                idempotencyKey: key,
                at: noon
            )
        }
    }
}
