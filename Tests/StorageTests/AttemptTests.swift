import Core
import Storage
import Testing

@Suite struct AttemptTests {
    @Test func `an offer is accepted once and its time stays`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer, at: after(2))
            try await scratch.accept(offer, at: after(7))
            #expect(try await scratch.job("test", of: build.id).startedAt == after(2))
            let live = try await scratch.read { tx in try tx.liveAttempts() }.only
            #expect(live.attempt.state == .running)
            #expect(live.spec == offer.spec)
            #expect(!live.isCancelled)
        }
    }

    @Test func `who has an old fence may do nothing`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("test")])
            let old = try await scratch.dispatch().only
            try await scratch.lose(old)
            let new = try await scratch.dispatch().only
            var forged = new
            forged.attempt.fence = old.attempt.fence
            for offer in [old, forged] {
                await expectStale { try await scratch.accept(offer) }
                await expectStale { try await scratch.finish(offer) }
                await expectStale {
                    try await scratch.write { tx in
                        try tx.record(
                            [],
                            of: offer.attempt.id,
                            fence: offer.attempt.fence,
                            at: noon
                        )
                    }
                }
            }
            try await scratch.accept(new)
            #expect(try await scratch.finish(new).buildResult == .success)
        }
    }

    @Test func `a repeated end changes nothing and gets the same answer`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer)
            let first = try await scratch.finish(offer, .failure, at: after(3))
            let again = try await scratch.finish(offer, .success, at: after(8))
            #expect(first.buildResult == .failure)
            #expect(again.buildResult == .failure)
            #expect(again.job == first.job)
            #expect(try await scratch.build(build.id).finishedAt == after(3))
            #expect(try await scratch.lose(offer) == nil)
            await expectStale { try await scratch.accept(offer) }
        }
    }

    @Test func `an end without a word of acceptance counts as both`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            try await scratch.finish(scratch.dispatch().only, at: after(3))
            #expect(try await scratch.build(build.id).startedAt == after(3))
            #expect(try await scratch.job("test", of: build.id).startedAt == after(3))
        }
    }

    @Test func `a build runs once one of its jobs has ended, accepted or not`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test"), .named("ship", needs: ["test"])])
            try await scratch.finish(scratch.dispatch().only, at: after(3))
            let running = try await scratch.build(build.id)
            #expect(running.state == .running && running.startedAt == after(3))
        }
    }

    @Test func `a job is tried three times and then given up`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test"), .named("ship", needs: ["test"])])
            var fences: [Int] = []
            for attempt in 1...3 {
                let offer = try await scratch.dispatch().only
                fences.append(offer.attempt.fence)
                if attempt == 2 { try await scratch.accept(offer) }
                let end = try await scratch.lose(offer)
                #expect(end?.hasFreedJobs == (attempt < 3))
                #expect(end?.buildResult == (attempt < 3 ? nil : .exception))
                #expect(try await scratch.lose(offer) == nil)
            }
            #expect(fences == fences.sorted())
            #expect(Set(fences).count == 3)
            let test = try await scratch.job("test", of: build.id)
            #expect(test.result == .exception)
            #expect(test.reason?.contains("lost 3 times") == true)
            #expect(try await scratch.job("ship", of: build.id).result == .skipped)
        }
    }

    @Test func `steps move forward and a finished one stays as it is`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer)
            let setup = try initialSteps(of: offer.spec).first.known
            var running = setup
            running.state = .running
            running.startedAt = after(2)
            running.logLength = 10
            var done = running
            done.state = .finished
            done.result = .success
            done.exitCode = 0
            done.finishedAt = after(3)
            done.logLength = 30
            var late = done
            late.result = .failure
            late.logLength = 99

            try await record([running], of: offer, scratch)
            try await record([setup], of: offer, scratch)
            #expect(try await scratch.job("test", of: build.id).steps.first == running)
            try await record([done], of: offer, scratch)
            try await record([late], of: offer, scratch)
            try await record([running], of: offer, scratch)
            let steps = try await scratch.job("test", of: build.id).steps
            #expect(steps.first == done)
            #expect(steps.last?.state == .waiting)
        }
    }

    @Test func `a step the job does not have is refused with all beside it`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            var steps = initialSteps(of: offer.spec)
            steps.append(Step(index: 2, name: "more", kind: .run))
            let error = await #expect(throws: StorageError.self) {
                try await record(steps, of: offer, scratch)
            }
            #expect(error?.code == .conflict)
            #expect(try await scratch.rows(in: ["step"]) == 0)
        }
    }

    @Test func `half a verb is not kept when its caller goes on`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            let steps = initialSteps(of: offer.spec) + [Step(index: 9, name: "x", kind: .run)]
            try await scratch.write { tx in
                try? tx.record(
                    steps,
                    of: offer.attempt.id,
                    fence: offer.attempt.fence,
                    at: noon
                )
                try tx.accept(offer.attempt.id, fence: offer.attempt.fence, at: noon)
            }
            #expect(try await scratch.rows(in: ["step"]) == 0)
            let live = try await scratch.read { tx in try tx.liveAttempts() }.only
            #expect(live.attempt.state == .running)
        }
    }

    @Test func `what ran when the worker was lost ends as to be tried again`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            var step = try initialSteps(of: offer.spec).first.known
            step.state = .running
            try await record([step], of: offer, scratch)
            try await scratch.lose(offer)
            let lost = try await scratch.job("test", of: build.id)
            #expect(lost.state == .waiting)
            #expect(lost.steps.first?.result == .retry)
            _ = try await scratch.dispatch()
            let again = try await scratch.job("test", of: build.id)
            #expect(again.attempt == 2)
            #expect(again.steps == initialSteps(of: offer.spec))
        }
    }

    @Test func `artifacts come with the end of the job`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            var double = ArtifactDraft.named("app")
            double.digest = "sha256:other"
            try await scratch.finish(offer, artifacts: [.named("app"), .named("docs"), double])
            let artifacts = try await scratch.read { tx in try tx.artifacts(of: build.id) }
            #expect(artifacts.map(\.name) == ["app", "docs"])
            #expect(artifacts.map(\.jobName) == ["test", "test"])
            let app = try artifacts.first.known
            #expect(app.digest == "sha256:app")
            let (byID, byName, missing) = try await scratch.read { tx in
                (
                    try tx.artifact(app.id)?.digest,
                    try tx.artifact(named: "app", ofJob: "test", in: build.id)?.id,
                    try tx.artifact(named: "app", ofJob: "ship", in: build.id)?.id
                )
            }
            #expect(byID == app.digest)
            #expect(byName == app.id)
            #expect(missing == nil)
        }
    }

    private func record(_ steps: [Step], of offer: Offer, _ scratch: Scratch) async throws {
        try await scratch.write { tx in
            try tx.record(steps, of: offer.attempt.id, fence: offer.attempt.fence, at: after(2))
        }
    }

    private func expectStale(_ body: () async throws -> some Any) async {
        let error = await #expect(throws: StorageError.self) { _ = try await body() }
        #expect(error?.code == .staleFence)
    }
}
