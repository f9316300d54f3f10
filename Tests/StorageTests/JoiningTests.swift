import Core
import Storage
import Testing

/// Jobs that join a build while it runs.
@Suite struct JoiningTests {
    private func addition(_ names: [String]) -> JobAddition {
        let jobs = names.map { name in
            JobDefinition(
                name: Located(name, at: .start),
                steps: [
                    StepDefinition(
                        action: .run(script: "true"),
                        image: Template(constant: "debian"),
                        mark: .start
                    )
                ]
            )
        }
        return JobAddition(
            Pipeline(name: "main", path: "$CI_JOBS", jobs: jobs),
            for: PlanRequest(change: .manual(in: RepositoryID(1)), defaultBranch: "main")
        )
    }

    @discardableResult
    private func finish(
        _ offer: Offer,
        _ result: BuildResult = .success,
        asking additions: [JobAddition],
        in scratch: Scratch
    ) async throws -> JobEnd {
        let end = AttemptEnd(
            result: result,
            reason: nil,
            steps: [],
            logDigests: [:],
            artifacts: [],
            additions: additions
        )
        return try await scratch.write { tx in
            try tx.finish(end, of: offer.attempt.id, fence: offer.attempt.fence, at: after(3))
        }
    }

    @Test func `a build goes on with the jobs that one of its jobs asked for`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("gen")])
            let gen = try await scratch.dispatch().only
            let end = try await finish(gen, asking: [addition(["a"])], in: scratch)
            #expect(end.buildResult == nil)
            #expect(end.hasFreedJobs)
            // Told again, it changes nothing.
            try await finish(gen, asking: [addition(["a"])], in: scratch)
            let a = try await scratch.dispatch().only
            #expect(a.spec.name == "a")
            #expect(try await scratch.finish(a).buildResult == .success)
            let jobs = try await scratch.read { tx in try tx.jobs(of: build.id) }
            #expect(jobs.map(\.spec.name) == ["gen", "a"])
        }
    }

    @Test func `a job that failed, or whose build was cancelled, adds nothing`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("gen")])
            let failed = try await scratch.dispatch().only
            let end = try await finish(failed, .failure, asking: [addition(["a"])], in: scratch)
            #expect(end.buildResult == .failure)
            let build = try await scratch.start([.named("gen")])
            let cancelled = try await scratch.dispatch().only
            try await scratch.cancel(build.id)
            try await finish(cancelled, asking: [addition(["a"])], in: scratch)
            #expect(try await scratch.read { tx in try tx.jobs(of: build.id) }.count == 1)
        }
    }

    @Test func `one that asks for nonsense has failed, and nothing of it joins`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("gen")])
            let gen = try await scratch.dispatch().only
            let asked = [addition(["a"]), addition(["b", "gen"])]
            let end = try await finish(gen, asking: asked, in: scratch)
            #expect(end.buildResult == .failure)
            let jobs = try await scratch.read { tx in try tx.jobs(of: build.id) }
            #expect(jobs.count == 1)
            #expect(jobs[0].reason?.contains("$CI_JOBS:1:1: the build has a job 'gen'") == true)
        }
    }

    @Test func `who runs again asks again, who does not keeps what it asked for`() async throws {
        try await Scratch.with { scratch in
            let first = try await scratch.start([.named("gen")])
            let gen = try await scratch.dispatch().only
            try await finish(gen, asking: [addition(["a", "b"])], in: scratch)
            let offers = try await scratch.dispatch(to: [.idle(slots: 2)])
            try await scratch.finish(offers[0])
            try await scratch.finish(offers[1], .failure)
            let again = try await scratch.retry(first.id)
            let jobs = try await scratch.read { tx in try tx.jobs(of: again.id) }
            #expect(jobs.map(\.result) == [.success, .success, nil])
            try await scratch.finish(scratch.dispatch().only, .failure)
            let whole = try await scratch.retry(again.id, failedOnly: false)
            let anew = try await scratch.read { tx in try tx.jobs(of: whole.id) }
            #expect(anew.map(\.spec.name) == ["gen"])
        }
    }
}
