import Core
import Foundation
import Storage
import Testing

@Suite struct MergingTests {
    private static func plan(
        quiet: TimeSpan? = nil,
        collapse: Bool = true,
        pipeline: String = "main"
    ) -> BuildDraft {
        let plan = Plan(
            pipeline: pipeline,
            jobs: [.named("test")],
            collapse: collapse,
            quiet: quiet
        )
        return BuildDraft(plan, reason: "push")
    }

    @Test func `queued builds of a ref merge into the newest, which says what it covers`()
        async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let first = try await scratch.push(Self.plan(), 1, in: id)
            let second = try await scratch.push(Self.plan(), 2, in: id)
            let third = try await scratch.push(Self.plan(), 3, in: id)
            #expect(try await scratch.build(first.id).result == .skipped)
            #expect(
                try await scratch.job("test", of: second.id).reason
                    == "build #3 covers its commit"
            )
            #expect(try await scratch.build(third.id).state == .waiting)
            #expect(scratch.database.takeTouched() == [first.id, second.id])
            #expect(scratch.database.takeTouched().isEmpty)
            #expect(third.reason == "push, also covers 00000000, 00000000")
            let covers = try await scratch.read { try $0.covers(of: third.id) }
            #expect(covers.map(\.build) == [second.id, first.id])
            #expect(covers.map(\.sha) == [Commit.sample(2).sha, Commit.sample(1).sha])
            #expect(covers.map(\.subject) == ["Sell more", "Sell more"])
            #expect(try await scratch.read { try $0.coverer(of: first.id) } == second.id)
            #expect(try await scratch.dispatch().map(\.build.id) == [third.id])
        }
    }

    @Test func `what runs, what a person asked for, and what is elsewhere stays`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let running = try await scratch.push(Self.plan(), 1, in: id)
            _ = try await scratch.dispatch()
            let asked = try await scratch.start(Self.plan(), in: id)
            let elsewhere = try await scratch.push(Self.plan(), 2, in: id, ref: "refs/heads/b")
            let other = try await scratch.push(Self.plan(pipeline: "docs"), 3, in: id)
            let lone = try await scratch.push(Self.plan(collapse: false), 4, in: id)
            for build in [running, asked, elsewhere, other, lone] {
                #expect(try await scratch.build(build.id).state == .waiting, "\(build.number)")
            }
            let newest = try await scratch.push(Self.plan(), 5, in: id)
            let covers = try await scratch.read { try $0.covers(of: newest.id) }
            #expect(covers.map(\.build) == [lone.id])
        }
    }

    @Test func `each push restarts the quiet time, and one build comes of them`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let draft = Self.plan(quiet: .seconds(30))
            for number in 1...3 {
                _ = try await scratch.push(draft, number, in: id, at: after(Double(number) * 20))
            }
            #expect(try await scratch.read { try $0.nextHoldEnd() } == after(90))
            _ = try await scratch.write { try $0.liftDue(limit: 9, at: after(89)) }
            #expect(try await scratch.dispatch(at: after(89)).isEmpty)
            _ = try await scratch.write { try $0.liftDue(limit: 9, at: after(90)) }
            let offer = try await scratch.dispatch(at: after(90)).only
            #expect(offer.build.sha == Commit.sample(3).sha)
        }
    }

    @Test func `without collapse all of them wait until it is quiet`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let draft = Self.plan(quiet: .seconds(30), collapse: false)
            let first = try await scratch.push(draft, 1, in: id)
            let second = try await scratch.push(draft, 2, in: id, at: after(20))
            #expect(try await scratch.read { try $0.nextHoldEnd() } == after(50))
            #expect(
                try await scratch.job("test", of: first.id).waitingReason
                    == "It waits until main has been quiet for 30s: 2025-06-15 15:07:30 UTC, "
                    + "if nothing more is pushed."
            )
            let release = try await scratch.write { try $0.liftDue(limit: 9, at: after(50)) }
            #expect(release.builds == [first.id, second.id])
            #expect(try await scratch.dispatch(at: after(50)).count == 2)
        }
    }

    @Test func `a push that paths kept out is named by the next build`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            for number in 1...2 {
                let builds = try await scratch.pushes(
                    [BuildDraft(passing: "main")],
                    number,
                    in: id
                )
                #expect(builds.isEmpty)
            }
            let elsewhere = try await scratch.push(Self.plan(), 3, in: id, ref: "refs/heads/b")
            #expect(try await scratch.read { try $0.covers(of: elsewhere.id) }.isEmpty)
            let next = try await scratch.push(Self.plan(), 4, in: id)
            let covers = try await scratch.read { try $0.covers(of: next.id) }
            #expect(covers.map(\.sha) == [Commit.sample(2).sha, Commit.sample(1).sha])
            #expect(next.reason.contains("also covers"))
            let last = try await scratch.push(Self.plan(collapse: false), 5, in: id)
            #expect(try await scratch.read { try $0.covers(of: last.id) }.isEmpty)
        }
    }

    @Test func `the pushes that are kept for the next build are bounded`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            for number in 1...230 {
                _ = try await scratch.pushes([BuildDraft(passing: "main")], number, in: id)
            }
            #expect(try await scratch.rows(in: ["passedPush"]) == 200)
        }
    }
}

extension Scratch {
    func push(
        _ draft: BuildDraft,
        _ number: Int,
        in repository: RepositoryID,
        ref: String = "refs/heads/main",
        at now: Date = noon
    ) async throws -> Build {
        try await pushes([draft], number, in: repository, ref: ref, at: now).only
    }

    func pushes(
        _ drafts: [BuildDraft],
        _ number: Int,
        in repository: RepositoryID,
        ref: String = "refs/heads/main",
        at now: Date = noon
    ) async throws -> [Build] {
        let refs = try await read { try $0.refs(of: repository) }
        let change = Change(
            repository: repository,
            event: .push,
            ref: ref,
            before: refs[ref],
            commit: .sample(number),
            actor: "Ada"
        )
        return try await write { tx in
            try tx.accept(change, starting: drafts, at: now).known
        }
    }
}
