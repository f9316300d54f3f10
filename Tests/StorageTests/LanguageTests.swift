import Core
import Foundation
import Storage
import Testing

/// What builds of the whole language need of their rows.
@Suite struct LanguageTests {
    private func condition(_ text: String) throws -> Condition { Condition(try Expression(text)) }

    @Test func `a condition over outputs is decided when what it needs has ended`() async throws {
        try await Scratch.with { scratch in
            let yes = try condition("needs.test.outputs.kind == 'full'")
            let no = try condition("needs.test.outputs.kind == 'quick'")
            let build = try await scratch.start([
                .named("test"), .named("full", needs: ["test"], condition: yes),
                .named("quick", needs: ["test"], condition: no),
            ])
            let offer = try await scratch.dispatch().only
            try await scratch.finish(offer, outputs: ["kind": "full"])
            let next = try await scratch.dispatch().only
            #expect(next.spec.name == "full")
            let skipped = try await scratch.job("quick", of: build.id)
            #expect(skipped.result == .skipped)
            #expect(skipped.reason?.contains("needs.test.outputs.kind") == true)
            let live = LiveAttempt(
                attempt: next.attempt,
                build: next.build,
                spec: next.spec,
                isCancelled: false
            )
            let names = try await scratch.read { try $0.readyNames(of: live) }
            #expect(names.needs["test"] == NeedOutcome(result: .success, outputs: ["kind": "full"]))
            #expect(names.context[.build] == .number(1))
        }
    }

    @Test func `a job's number and changed() are known to its condition`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let first = try await scratch.start(
                [.named("a", condition: try condition("build == 1"))],
                in: id
            )
            try await scratch.finish(scratch.dispatch().only, .failure)
            #expect(try await scratch.build(first.id).result == .failure)
            let second = try await scratch.start(
                [
                    .named("a", condition: try condition("build == 1")),
                    .named("b", condition: try condition("always() && changed()")),
                ],
                in: id
            )
            #expect(try await scratch.job("a", of: second.id).result == .skipped)
            #expect(try await scratch.dispatch().only.spec.name == "b")
        }
    }

    @Test func `a failure ends the other jobs of its matrix, running or not`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("t (1)", failFast: "t"), .named("t (2)", failFast: "t"),
                .named("t (3)", labels: ["gpu"], failFast: "t"), .named("other"),
            ])
            let offers = try await scratch.dispatch()
            #expect(offers.count == 3)
            for offer in offers { try await scratch.accept(offer) }
            let failed = try #require(offers.first { $0.spec.name == "t (1)" })
            let running = try #require(offers.first { $0.spec.name == "t (2)" })
            let end = try await scratch.finish(failed, .failure)
            #expect(end.stopped == [running.attempt.id])
            #expect(try await scratch.job("t (3)", of: build.id).result == .skipped)
            let live = try await scratch.read { try $0.liveAttempts() }
            #expect(live.filter(\.isCancelled).map(\.attempt.id) == [running.attempt.id])
            try await scratch.finish(running, .success)
            let stopped = try await scratch.job("t (2)", of: build.id)
            #expect(stopped.result == .cancelled)
            #expect(stopped.reason?.contains("t (1) failed") == true)
            try await scratch.finish(try #require(offers.first { $0.spec.name == "other" }))
            #expect(try await scratch.build(build.id).result == .failure)
        }
    }

    @Test func `a job that was filtered out is there, skipped, with why`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let left = FilteredJob(spec: .named("docs"), reason: "its 'if' does not hold: false")
            var plan = Plan(pipeline: "main", jobs: [.named("test")], filtered: [left])
            plan.inputs = ["level": "full"]
            plan.priority = 5
            let draft = BuildDraft(
                plan,
                reason: "push",
                versionTag: VersionTag(tag: "v1.2.0", distance: 3)
            )
            let build = try await scratch.start(draft, in: id)
            let docs = try await scratch.job("docs", of: build.id)
            #expect(docs.result == .skipped)
            #expect(docs.reason == left.reason)
            let stored = try await scratch.build(build.id)
            #expect(stored.settings == BuildSettings(plan))
            #expect(stored.settings.idleKeys == [])
            #expect(stored.semver == "1.2.1-dev.1")
            try await scratch.finish(scratch.dispatch().only)
            let again = try await scratch.retry(build.id, failedOnly: false)
            #expect(try await scratch.build(again.id).semver == "1.2.1-dev.2")
        }
    }

    @Test func `keys that nobody acts on yet are named`() async throws {
        try await Scratch.with { scratch in
            var spec = JobSpec.named("test")
            spec.artifacts = [ArtifactSpec(name: "site", paths: ["dist"], expireIn: .seconds(60))]
            spec.reports = [ReportSpec(kind: .junit, paths: ["*.xml"])]
            let build = try await scratch.start([.named("docs"), spec])
            let jobs = try await scratch.read { try $0.jobs(of: build.id) }
            #expect(jobs.idleKeys == ["reports", "expire_in"])
            #expect(jobs.filter { $0.spec.name == "docs" }.idleKeys == [])
        }
    }

    @Test func `a job waits for its worker no longer than the worker has it`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("wait", onLost: .wait)])
            let untaken = try await scratch.dispatch().only
            guard case .over = try await scratch.loss(untaken) else {
                Issue.record("nobody took it, and it waits")
                return
            }
            let taken = try await scratch.dispatch().only
            try await scratch.accept(taken)
            guard case .waits = try await scratch.loss(taken),
                case .over(let end) = try await scratch.loss(taken, isForgotten: true)
            else {
                Issue.record("it should wait while its worker is silent, and then no longer")
                return
            }
            #expect(end.hasFreedJobs)
            #expect(try await scratch.dispatch().only.attempt.number == 3)
        }
    }

    @Test func `a job may wait for its worker, or fail with it`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([
                .named("wait", onLost: .wait), .named("fail", onLost: .fail),
            ])
            for offer in try await scratch.dispatch() {
                try await scratch.accept(offer)
                let loss = try await scratch.loss(offer)
                switch (offer.spec.name, loss) {
                case ("wait", .waits): try await scratch.finish(offer)
                case ("fail", .over): continue
                case _: Issue.record("\(offer.spec.name): \(loss)")
                }
            }
            #expect(try await scratch.job("wait", of: build.id).result == .success)
            #expect(try await scratch.job("fail", of: build.id).result == .exception)
        }
    }
}
