import Core
import Storage
import Testing

@Suite struct RepositoryTests {
    @Test func `a name is taken once`() async throws {
        try await Scratch.with { scratch in
            let added = try await scratch.addRepository()
            let error = await #expect(throws: StorageError.self) {
                _ = try await scratch.addRepository()
            }
            #expect(error?.code == .nameTaken)
            let known = try await scratch.read { tx in try tx.repository(named: "shop") }
            #expect(known == added)
            #expect(try await scratch.read { tx in try tx.repositories() } == [added])
        }
    }

    @Test func `the first fetch is a baseline and later ones are not`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            try await scratch.write { tx in
                try tx.baseline(id, refs: ["refs/heads/main": "a", "refs/tags/v1": "b"])
                try tx.baseline(id, refs: ["refs/heads/main": "c"])
            }
            let refs = try await scratch.read { tx in try tx.refs(of: id) }
            #expect(refs == ["refs/heads/main": "a", "refs/tags/v1": "b"])
            let known = try await scratch.read { tx in try tx.repository(named: "shop") }
            #expect(known?.isBaselined == true)
        }
    }

    @Test func `a failed fetch leaves the time of the last good one`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            try await scratch.write { tx in
                try tx.recordFetch(of: id, error: nil, at: after(1))
                try tx.recordFetch(of: id, error: "no route to host", at: after(2))
            }
            let failing = try await scratch.read { tx in try tx.repository(named: "shop") }
            #expect(failing?.fetchedAt == after(1))
            #expect(failing?.fetchError == "no route to host")
            try await scratch.write { tx in
                try tx.recordFetch(of: id, error: nil, at: after(3))
            }
            let mended = try await scratch.read { tx in try tx.repository(named: "shop") }
            #expect(mended?.fetchError == nil)
        }
    }

    @Test func `a ref is forgotten only where it was last seen`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            try await scratch.write { tx in
                try tx.baseline(id, refs: ["refs/heads/old": "a"])
                try tx.forgetRef("refs/heads/old", of: id, at: "b")
            }
            #expect(try await scratch.read { tx in try tx.refs(of: id) }.count == 1)
            try await scratch.write { tx in
                try tx.forgetRef("refs/heads/old", of: id, at: "a")
            }
            #expect(try await scratch.read { tx in try tx.refs(of: id) }.isEmpty)
        }
    }

    @Test func `a repository goes with all its builds but not while one runs`() async throws {
        try await Scratch.with { scratch in
            let repository = try await scratch.addRepository()
            let build = try await scratch.start([.named("test")], in: repository.id)
            let offer = try await scratch.dispatch().only
            let error = await #expect(throws: StorageError.self) {
                _ = try await scratch.write { tx in try tx.removeRepository(named: "shop") }
            }
            #expect(error?.code == .busy)
            let steps = initialSteps(of: offer.spec)
            try await scratch.finish(offer, steps: steps, artifacts: [.named("app")])
            let retried = try await scratch.write { tx in
                try tx.retry(build.id, failedOnly: false, by: "Ada", at: after(9))
            }
            #expect(try await scratch.write { tx in try tx.removeRepository(named: "shop") })
            #expect(try await scratch.read { tx in try tx.build(build.id) } == nil)
            #expect(try await scratch.read { tx in try tx.build(retried.id) } == nil)
            #expect(try await scratch.rows(in: ["job", "attempt", "step", "artifact"]) == 0)
            #expect(try await !scratch.write { tx in try tx.removeRepository(named: "shop") })
        }
    }

    @Test func `numbers of removed builds are never given again`() async throws {
        try await Scratch.with { scratch in
            let first = try await scratch.addRepository()
            let old = try await scratch.start([.named("test")], in: first.id)
            _ = try await scratch.write { tx in try tx.removeRepository(named: "shop") }
            let second = try await scratch.addRepository()
            let new = try await scratch.start([.named("test")], in: second.id)
            #expect(second.id > first.id)
            #expect(new.id > old.id)
        }
    }
}
