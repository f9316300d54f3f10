import Core
import Foundation
import Storage
import Testing

@Suite struct SecretTests {
    private func sealed(
        _ name: String = "key",
        of repository: RepositoryID? = nil,
        _ bytes: [UInt8] = [1, 2, 3],
        key: String = "k1"
    ) -> SealedSecret {
        SealedSecret(
            terms: SecretTerms(
                name: name,
                repository: repository,
                branches: ["main"],
                events: [.push, .manual]
            ),
            key: key,
            sealed: bytes
        )
    }

    /// A job that runs, of a build of its own.
    private func running(_ scratch: Scratch) async throws -> LiveAttempt {
        _ = try await scratch.start([.named("sign")])
        let offer = try await scratch.dispatch().only
        try await scratch.accept(offer)
        return try await scratch.read { try $0.attempt(offer.attempt.id).known }
    }

    private func grant(_ name: String, to live: LiveAttempt, _ scratch: Scratch) async throws {
        try await scratch.write { tx in
            let row = try tx.secrets(named: name, for: live.build.repository).first.known
            try tx.grant(row, to: live, at: after(10))
        }
    }

    private func end(_ live: LiveAttempt, _ scratch: Scratch) async throws {
        let end = AttemptEnd(
            result: .success,
            reason: nil,
            steps: [],
            logDigests: [:],
            artifacts: []
        )
        _ = try await scratch.write { tx in
            try tx.finish(end, of: live.attempt.id, fence: live.attempt.fence, at: after(20))
        }
    }

    @Test func `a secret is known by its name and whose it is, and shows no value`() async throws {
        try await Scratch.with { scratch in
            let shop = try await scratch.addRepository().id
            for secret in [sealed(), sealed(of: shop), sealed("other", of: shop)] {
                #expect(try await scratch.write { try $0.keep(secret, by: "ann", at: noon) })
            }
            let all = try await scratch.read { try $0.secrets() }
            #expect(all.map(\.terms.name) == ["key", "key", "other"])
            #expect(all.map(\.repositoryName) == [nil, "shop", "shop"])
            #expect(all[0].terms == sealed().terms)
            #expect(all[0].setBy == "ann" && all[0].setAt == noon && all[0].lastUse == nil)
            let own = try await scratch.read { try $0.secrets(of: shop) }
            #expect(own == Array(all[1...]))
            #expect(try await scratch.read { try $0.secrets(of: nil) } == [all[0]])
            let found = try await scratch.read { try $0.secrets(named: "key", for: shop) }
            #expect(found == Array(all[..<2]))
        }
    }

    @Test func `setting it again replaces it, removing it leaves nothing`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            let isNew = try await scratch.write { tx in
                try tx.keep(sealed("key", [9]), by: "bob", at: after(1))
            }
            #expect(!isNew)
            #expect(try await scratch.read { try $0.secrets() }.only.setBy == "bob")
            #expect(try await scratch.rows(in: ["secret"]) == 1)
            for isThere in [true, false] {
                let isGone = try await scratch.write { tx in
                    try tx.removeSecret("key", of: nil, by: "bob", at: after(2))
                }
                #expect(isGone == isThere)
            }
            #expect(try await scratch.rows(in: ["secret"]) == 0)
        }
    }

    @Test func `what a running attempt was given it is given again, until it ends`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            let live = try await running(scratch)
            try await grant("key", to: live, scratch)
            _ = try await scratch.write { tx in
                try tx.keep(sealed("key", [9]), by: "ann", at: after(11))
            }
            let next = try await running(scratch)
            try await grant("key", to: next, scratch)
            _ = try await scratch.write { tx in
                try tx.removeSecret("key", of: nil, by: "ann", at: after(12))
            }
            #expect(try await scratch.read { try $0.secrets() }.isEmpty)
            for (attempt, bytes) in [(live, [1, 2, 3]), (next, [9])] as [(LiveAttempt, [UInt8])] {
                let id = attempt.attempt.id
                let granted = try await scratch.read { try $0.grantedSecrets(to: id) }
                #expect(granted["key"]?.sealed == bytes && granted.count == 1)
            }
            try await end(live, scratch)
            #expect(try await scratch.rows(in: ["secret", "secretGrant"]) == 2)
            try await end(next, scratch)
            #expect(try await scratch.rows(in: ["secret", "secretGrant"]) == 0)
        }
    }

    @Test func `an ended attempt gets nothing`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            let live = try await running(scratch)
            try await end(live, scratch)
            await #expect(throws: StorageError.self) {
                try await grant("key", to: live, scratch)
            }
            #expect(try await scratch.read { try $0.secrets() }.only.lastUse == nil)
        }
    }

    @Test func `every deed is on record, newest first`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            let live = try await running(scratch)
            try await grant("key", to: live, scratch)
            try await scratch.write { tx in
                try tx.noteRefusal(of: "other", to: live, because: "there is none", at: after(11))
                _ = try tx.removeSecret("key", of: nil, by: "bob", at: after(12))
                try tx.noteRewrap("k2", by: "bob", at: after(13))
            }
            let deeds = try await scratch.read { try $0.secretDeeds(limit: 10, before: nil) }
            #expect(deeds.map(\.kind) == [.rewrapped, .removed, .refused, .given, .set])
            #expect(deeds.map(\.actor) == ["bob", "bob", "anvil", "anvil", "ann"])
            #expect(deeds[2].detail == "there is none" && deeds[2].build == live.build.id)
            #expect(deeds[3].job == live.attempt.job && deeds[3].doneAt == after(10))
            let older = try await scratch.read { tx in
                try tx.secretDeeds(limit: 1, before: deeds[3].id)
            }
            #expect(older == [deeds[4]])
        }
    }

    @Test func `the use is noted with the secret`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            let live = try await running(scratch)
            try await grant("key", to: live, scratch)
            let row = try await scratch.read { try $0.secrets() }.only
            #expect(row.lastUse == SecretUse(at: after(10), build: live.build.id))
        }
    }

    @Test func `those of another key are found and sealed anew`() async throws {
        try await Scratch.with { scratch in
            for (index, key) in ["k1", "k1", "k2"].enumerated() {
                _ = try await scratch.write { tx in
                    try tx.keep(sealed("s\(index)", key: key), by: "ann", at: noon)
                }
            }
            #expect(try await scratch.read { try $0.sealKeys() } == ["k1", "k2"])
            let old = try await scratch.read { try $0.secrets(notSealedWith: "k2", limit: 1) }
            var anew = try old.only
            anew.key = "k2"
            anew.sealed = [7]
            try await scratch.write { [anew] tx in try tx.reseal(anew) }
            let rest = try await scratch.read { try $0.secrets(notSealedWith: "k2", limit: 9) }
            #expect(try rest.only.terms.name == "s1")
        }
    }

    @Test func `a repository takes its secrets with it`() async throws {
        try await Scratch.with { scratch in
            let shop = try await scratch.addRepository().id
            _ = try await scratch.write { try $0.keep(sealed(of: shop), by: "ann", at: noon) }
            _ = try await scratch.write { try $0.removeRepository(named: "shop") }
            #expect(try await scratch.rows(in: ["secret"]) == 0)
        }
    }

    @Test func `there may be a thousand and no more`() async throws {
        try await Scratch.with { scratch in
            try await scratch.write { tx in
                for number in 0..<1_000 {
                    _ = try tx.keep(sealed("s\(number)"), by: "ann", at: noon)
                }
            }
            let error = await #expect(throws: StorageError.self) {
                try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            }
            #expect(error?.code == .conflict)
            let isNew = try await scratch.write { try $0.keep(sealed("s7"), by: "ann", at: noon) }
            #expect(!isNew)
        }
    }

    @Test(arguments: [
        ("UPDATE secret SET branches = '[]'", "does not change"),
        ("UPDATE secret SET repository = 1", "does not change"),
        ("UPDATE secretDeed SET actor = 'x'", "does not change"),
        (
            "INSERT INTO secret (name, branches, events, sealKey, sealed, setBy, setAt) "
                + "VALUES ('key', '[]', '[]', 'k', x'00', '', 0)", "UNIQUE"
        ),
        ("INSERT INTO secretGrant (attempt, name, secret) VALUES (99, 'key', 1)", "ended attempt"),
    ])
    func `the tables refuse`(mistake: String, because: String) async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.addRepository()
            _ = try await scratch.write { try $0.keep(sealed(), by: "ann", at: noon) }
            let error = await #expect(throws: (any Error).self) {
                try await scratch.execute(mistake)
            }
            #expect("\(error, default: "nothing")".contains(because))
        }
    }
}
