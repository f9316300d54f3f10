import Core
import Storage
import Testing

@Suite struct DeliveryTests {
    private func draft(
        _ key: String = "github 1",
        in repository: RepositoryID,
        window: Int? = nil,
        isSkipped: Bool = false
    ) -> DeliveryDraft {
        let move = SkippedMove(ref: "refs/heads/main", sha: Commit.sample().sha)
        return DeliveryDraft(
            repository: repository,
            forge: .github,
            key: key,
            window: window,
            news: HookNews(moves: [move], isSkipped: isSkipped)
        )
    }

    @Test func `a delivery is stored once and later ones are told its builds`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let other = try await scratch.addRepository("other").id
            let draft = draft(in: id)
            let elsewhere = self.draft(in: other)
            #expect(try await scratch.write { try $0.take(draft, at: noon) } == .stored(1))
            #expect(try await scratch.write { try $0.take(draft, at: noon) } == .duplicate([]))
            #expect(try await scratch.write { try $0.take(elsewhere, at: noon) } == .stored(2))
            let builds = try await scratch.write { tx in
                try tx.accept(
                    .push(in: id, before: nil),
                    starting: [.main([.named("test")])],
                    at: noon
                )
            }
            let build = try #require(builds?.first)
            let known = DeliveryReceipt.duplicate([build.id])
            #expect(try await scratch.write { try $0.take(draft, at: after(9)) } == known)
        }
    }

    @Test func `a digest means the same delivery only for a while`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let draft = draft("git sha256:a", in: id, window: 3_600)
            #expect(try await scratch.write { try $0.take(draft, at: noon) } == .stored(1))
            let soon = try await scratch.write { try $0.take(draft, at: after(3_599)) }
            #expect(soon == .duplicate([]))
            let late = try await scratch.write { try $0.take(draft, at: after(3_601)) }
            #expect(late == .stored(2))
        }
    }

    @Test func `what waits is settled in order and stays settled`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let drafts = (1...4).map { draft("github \($0)", in: id, isSkipped: $0 == 2) }
            for draft in drafts { _ = try await scratch.write { try $0.take(draft, at: noon) } }
            #expect(try await scratch.read { try $0.newestWaitingDelivery(of: id) } == 4)
            let news = try await scratch.read { try $0.waitingNews(of: id, limit: 9) }
            #expect(news.map(\.id) == [2])
            #expect(news.first?.news.skipped?.count == 1)
            try await scratch.write { tx in
                try tx.settleHints(of: id, through: 3, outcome: "fetched")
                try tx.settle(delivery: 2, outcome: "skipped")
                try tx.settle(delivery: 2, outcome: "skipped again")
            }
            let all = try await scratch.read { try $0.deliveries(of: id, limit: 9) }
            #expect(all.map(\.outcome) == [nil, "fetched", "skipped", "fetched"])
            #expect(all.map(\.id) == [4, 3, 2, 1])
            await #expect(throws: (any Error).self) {
                try await scratch.execute("UPDATE delivery SET outcome = NULL WHERE id = 1")
            }
            await #expect(throws: (any Error).self) {
                try await scratch.execute("UPDATE delivery SET key = 'x' WHERE id = 4")
            }
        }
    }

    @Test func `old deliveries are forgotten as new ones come`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            for number in 1...6 {
                let draft = draft("github \(number)", in: id)
                _ = try await scratch.write { try $0.take(draft, at: noon) }
            }
            try await scratch.write { try $0.settleHints(of: id, through: 5, outcome: "fetched") }
            for number in 7...8 {
                let draft = draft("github \(number)", in: id)
                _ = try await scratch.write { try $0.take(draft, at: after(86_401)) }
            }
            let left = try await scratch.read { try $0.deliveries(of: id, limit: 20) }
            // Two for each that came; what waits is never forgotten.
            #expect(left.map(\.id) == [8, 7, 6, 5])
        }
    }

    @Test func `a repository that cannot be fetched takes no flood`() async throws {
        try await Scratch.with { scratch in
            let stuck = try await scratch.addRepository("stuck").id
            let fine = try await scratch.addRepository("fine").id
            let first = draft(in: stuck)
            _ = try await scratch.write { try $0.take(first, at: noon) }
            try await scratch.execute(
                "UPDATE sqlite_sequence SET seq = 100001 WHERE name = 'delivery'"
            )
            let next = draft("github 2", in: stuck)
            let error = await #expect(throws: StorageError.self) {
                _ = try await scratch.write { try $0.take(next, at: noon) }
            }
            #expect(error?.code == .busy)
            let other = draft(in: fine)
            let taken = try await scratch.write { try $0.take(other, at: noon) }
            #expect(taken == .stored(100_002))
        }
    }

    @Test func `a hook and its deliveries go with the repository`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            #expect(try await scratch.read { try $0.hook(ofRepository: "shop") } == nil)
            let draft = draft(in: id)
            try await scratch.write { tx in
                try tx.setHook(of: id, salt: "a", at: noon)
                try tx.setHook(of: id, salt: "b", at: after(1))
                _ = try tx.take(draft, at: noon)
            }
            let hook = try await scratch.read { try $0.hook(ofRepository: "shop") }
            #expect(hook == HookRow(repository: id, salt: "b", createdAt: after(1)))
            _ = try await scratch.write { try $0.removeRepository(named: "shop") }
            #expect(try await scratch.rows(in: ["hook", "delivery"]) == 0)
            let error = await #expect(throws: StorageError.self) {
                _ = try await scratch.write { try $0.take(draft, at: noon) }
            }
            #expect(error?.code == .notFound)
        }
    }
}

@Suite struct PullRequestRowTests {
    private func change(in repository: RepositoryID, _ number: Int = 1) -> Change {
        Change(
            repository: repository,
            event: .pullRequest,
            ref: "refs/pull/7/merge",
            before: nil,
            commit: .sample(number),
            actor: "grace",
            pullRequest: PullRequest(
                number: 7,
                target: "main",
                source: "dozen",
                contributor: Contributor(forge: .github, id: "4711", name: "grace")
            )
        )
    }

    @Test func `each state of a pull request is built once`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            func take(_ head: String, _ target: String = "main") async throws -> Int? {
                let change = change(in: id)
                let state = PullRequestState(number: 7, head: head, target: target)
                return try await scratch.write { tx in
                    try tx.accept(
                        change,
                        as: state,
                        starting: [.main([.named("test")])],
                        at: noon
                    )?.count
                }
            }
            #expect(try await take("a") == 1)
            #expect(try await take("a") == nil)
            #expect(try await take("b") == 1)
            #expect(try await take("b", "release") == 1)
            #expect(try await take("b", "release") == nil)
            let state = PullRequestState(number: 7, head: "b", target: "release")
            #expect(try await scratch.read { try $0.isKnown(state, of: id) })
            try await scratch.write { try $0.forgetPullRequest(7, of: id) }
            #expect(try await !scratch.read { try $0.isKnown(state, of: id) })
            let build = try await scratch.read {
                try $0.builds(BuildFilter(), limit: 1, before: nil)
            }
            #expect(build.first?.settings.pullRequest?.contributor?.id == "4711")
            #expect(build.first?.event == .pullRequest)
        }
    }

    @Test func `trust is of one account in one repository`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let other = try await scratch.addRepository("other").id
            let grace = Contributor(forge: .github, id: "4711", name: "grace")
            let ghost = Contributor(forge: .github, id: "", name: "a deleted account")
            try await scratch.write { tx in
                try tx.trust(grace, in: id, by: "alice", at: noon)
                try tx.trust(grace, in: id, by: "bob", at: noon)
                try tx.trust(ghost, in: id, by: "alice", at: noon)
            }
            let renamed = Contributor(forge: .github, id: "4711", name: "admiral")
            let elsewhere = Contributor(forge: .gitea, id: "4711", name: "grace")
            #expect(try await scratch.read { try $0.isTrusted(renamed, in: id) })
            #expect(try await !scratch.read { try $0.isTrusted(elsewhere, in: id) })
            #expect(try await !scratch.read { try $0.isTrusted(grace, in: other) })
            #expect(try await !scratch.read { try $0.isTrusted(ghost, in: id) })
        }
    }
}
