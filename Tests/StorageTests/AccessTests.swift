import Core
import Storage
import Testing

@Suite struct AccessTests {
    @Test func `a greeting never changes what a person decided`() async throws {
        try await Scratch.with { scratch in
            var worker = WorkerRow(
                name: "anvil",
                labels: ["arm"],
                slots: 2,
                version: "1",
                lastSeenAt: noon
            )
            try await scratch.write { [worker] tx in
                try tx.greet(worker, at: noon)
                try tx.setMode(.draining, ofWorker: "anvil")
            }
            worker.slots = 3
            try await scratch.write { [worker] tx in try tx.greet(worker, at: after(5)) }
            worker.mode = .draining
            worker.lastSeenAt = after(5)
            #expect(try await scratch.read { tx in try tx.workers() } == [worker])
            let error = await #expect(throws: StorageError.self) {
                try await scratch.write { tx in try tx.setMode(.paused, ofWorker: "ghost") }
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `a token is used, listed and revoked`() async throws {
        try await Scratch.with { scratch in
            let old = TokenRow(id: "t1", name: "ci", kind: "admin", digest: "d", createdAt: noon)
            var new = TokenRow(
                id: "t2",
                name: "anvil",
                kind: "worker",
                digest: "e",
                createdAt: after(1)
            )
            try await scratch.write { [new] tx in
                try tx.addToken(old)
                try tx.addToken(new)
                try tx.useToken("t2", at: after(10))
                try tx.useToken("t2", at: after(40))
            }
            new.lastUsedAt = after(10)
            #expect(try await scratch.read { tx in try tx.tokens() } == [new, old])
            try await scratch.write { tx in try tx.useToken("t2", at: after(70)) }
            new.lastUsedAt = after(70)
            #expect(try await scratch.read { tx in try tx.token("t2") } == new)
            let error = await #expect(throws: StorageError.self) {
                try await scratch.write { tx in try tx.addToken(old) }
            }
            #expect(error?.code == .conflict)
            #expect(try await scratch.write { tx in try tx.revokeToken("t1") })
            #expect(try await !scratch.write { tx in try tx.revokeToken("t1") })
            #expect(try await scratch.read { tx in try tx.token("t1") } == nil)
        }
    }

    @Test func `a session ends by itself or when it is ended`() async throws {
        try await Scratch.with { scratch in
            let session = SessionRow(
                digest: "s",
                person: "ada",
                kind: "admin",
                csrf: "c",
                expiresAt: after(60)
            )
            try await scratch.write { tx in try tx.addSession(session) }
            #expect(try await scratch.read { tx in try tx.session("s", at: after(59)) } == session)
            #expect(try await scratch.read { tx in try tx.session("s", at: after(60)) } == nil)
            try await scratch.write { tx in try tx.endSession("s") }
            #expect(try await scratch.read { tx in try tx.session("s", at: noon) } == nil)
        }
    }

    @Test func `sessions are bounded and the soonest to end goes`() async throws {
        try await Scratch.with { scratch in
            try await scratch.write { tx in
                for number in 0...1_000 {
                    try tx.addSession(
                        SessionRow(
                            digest: "s\(number)",
                            person: "ada",
                            kind: "admin",
                            csrf: "c",
                            expiresAt: after(Double(number + 1))
                        )
                    )
                }
            }
            #expect(try await scratch.rows(in: ["session"]) == 1_000)
            #expect(try await scratch.read { tx in try tx.session("s0", at: noon) } == nil)
            #expect(try await scratch.read { tx in try tx.session("s1", at: noon) } != nil)
        }
    }
}
