import Core
import Storage
import Testing

@Suite struct RetryTests {
    @Test func `failed jobs run again and green ones are taken over`() async throws {
        try await Scratch.with { scratch in
            let old = try await scratch.start([
                .named("make"), .named("test", needs: ["make"]), .named("ship", needs: ["test"]),
            ])
            let make = try await scratch.dispatch().only
            var setup = try initialSteps(of: make.spec).first.known
            setup.state = .finished
            setup.result = .success
            setup.logLength = 12
            try await scratch.finish(make, steps: [setup], artifacts: [.named("app")])
            try await scratch.finish(scratch.dispatch().only, .failure)

            let new = try await scratch.retry(old.id)
            #expect(new.retryOf == old.id)
            #expect(new.number == 2)
            #expect(new.sha == old.sha)
            #expect(new.reason == "Bob asked for failed jobs of build #1 again")
            let taken = try await scratch.job("make", of: new.id)
            #expect(taken.result == .success)
            #expect(taken.reason == "taken over from build #1")
            #expect(taken.steps.first == setup)
            let attempt = try await scratch.read { tx in try tx.newestAttempt(of: taken.id) }
            #expect(attempt == make.attempt.id)

            let test = try await scratch.dispatch().only
            #expect(test.spec.name == "test")
            #expect(test.build.id == new.id)
            try await scratch.finish(test)
            #expect(try await scratch.finish(scratch.dispatch().only).buildResult == .success)
            #expect(try await scratch.build(old.id).result == .failure)
        }
    }

    @Test func `taken over artifacts are found even from a retry of a retry`() async throws {
        try await Scratch.with { scratch in
            let first = try await scratch.start([
                .named("make"), .named("test", needs: ["make"]),
            ])
            let make = try await scratch.dispatch().only
            try await scratch.finish(make, artifacts: [.named("app")])
            try await scratch.finish(scratch.dispatch().only, .failure)
            let second = try await scratch.retry(first.id)
            try await scratch.finish(scratch.dispatch().only, .failure)
            let third = try await scratch.retry(second.id)
            let app = try await scratch.read { tx in
                try tx.artifact(named: "app", ofJob: "make", in: third.id)
            }
            #expect(app?.job == make.job)
            let listed = try await scratch.read { tx in try tx.artifacts(of: third.id) }
            #expect(listed.map(\.name) == ["app"])
        }
    }

    @Test func `what depends on a job that runs again runs again`() async throws {
        try await Scratch.with { scratch in
            let old = try await scratch.start([
                .named("test"), .named("sweep", needs: ["test"], condition: .always),
            ])
            try await scratch.finish(scratch.dispatch().only, .failure)
            try await scratch.finish(scratch.dispatch().only, .success)
            let new = try await scratch.retry(old.id)
            #expect(try await scratch.job("sweep", of: new.id).state == .waiting)
        }
    }

    @Test func `a whole retry runs everything`() async throws {
        try await Scratch.with { scratch in
            let old = try await scratch.start([.named("a"), .named("b")])
            for offer in try await scratch.dispatch() { try await scratch.finish(offer) }
            let new = try await scratch.retry(old.id, failedOnly: false)
            #expect(try await scratch.dispatch().count == 2)
            #expect(try await scratch.build(new.id).event == old.event)
        }
    }

    @Test func `there is nothing to retry while it runs, when all is green, or in nothing`()
        async throws
    {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("a")])
            await expect(.conflict) { try await scratch.retry(build.id) }
            try await scratch.finish(scratch.dispatch().only)
            await expect(.conflict) { try await scratch.retry(build.id) }
            await expect(.notFound) { try await scratch.retry(BuildID(99)) }
            let problem = Problem(path: "a.yml", line: 1, column: 1, message: "bad")
            let draft = BuildDraft(pipeline: "a", reason: "", problems: [problem])
            let broken = try await scratch.start(draft, in: build.repository)
            await expect(.conflict) { try await scratch.retry(broken.id, failedOnly: false) }
        }
    }

    private func expect(
        _ code: StorageError.Code,
        _ body: () async throws -> Build
    ) async {
        let error = await #expect(throws: StorageError.self) { _ = try await body() }
        #expect(error?.code == code)
    }
}
