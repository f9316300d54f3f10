import Core
import Foundation
import Storage
import TestSupport
import Testing

@testable import Master

/// The key file, and what is sealed with it.
@Suite struct SecretKeysTests {
    private static let terms = SecretTerms(name: "key", branches: ["main"], events: [.push])

    private func vault(_ scratch: Scratch) -> SecretVault {
        SecretVault(keys: SecretKeys(path: scratch.path("secret-key")))
    }

    @Test func `what one process sealed the next one opens`() async throws {
        try await withScratch { scratch in
            let sealed = try vault(scratch).seal(SecretValue("hunter2-hunter2"), for: Self.terms)
            #expect(try vault(scratch).open(sealed) == SecretValue("hunter2-hunter2"))
            let twice = try vault(scratch).seal(SecretValue("hunter2-hunter2"), for: Self.terms)
            #expect(twice.sealed != sealed.sealed && twice.key == sealed.key)
        }
    }

    @Test func `a secret opens with no other terms and no other bytes`() async throws {
        try await withScratch { scratch in
            let vault = vault(scratch)
            let sealed = try vault.seal(SecretValue("hunter2-hunter2"), for: Self.terms)
            var changes: [SealedSecret] = []
            for change in [
                SecretTerms(name: "kex", branches: ["main"], events: [.push]),
                SecretTerms(
                    name: "key",
                    repository: RepositoryID(1),
                    branches: ["main"],
                    events: [.push]
                ),
                SecretTerms(name: "key", branches: [], events: [.push]),
                SecretTerms(name: "key", branches: ["main", "push"], events: []),
                SecretTerms(name: "key", branches: ["main"], events: [.push, .tag]),
            ] {
                var changed = sealed
                changed.terms = change
                changes.append(changed)
            }
            for index in [0, 12, sealed.sealed.count - 1] {
                var changed = sealed
                changed.sealed[index] ^= 1
                changes.append(changed)
            }
            var cut = sealed
            cut.sealed = Array(cut.sealed.prefix(5))
            changes.append(cut)
            for changed in changes {
                let problem = #expect(throws: RequestProblem.self) { try vault.open(changed) }
                #expect(problem?.detail.contains("set the secret again") == true)
            }
        }
    }

    @Test func `a lost key is named, and a new one is made`() async throws {
        try await withScratch { scratch in
            let sealed = try vault(scratch).seal(SecretValue("hunter2-hunter2"), for: Self.terms)
            try FileManager.default.removeItem(atPath: scratch.path("secret-key"))
            let vault = vault(scratch)
            let problem = #expect(throws: RequestProblem.self) { try vault.open(sealed) }
            #expect(problem?.detail.contains("lacks the key \(sealed.key)") == true)
            let again = try vault.seal(SecretValue("hunter2-hunter2"), for: Self.terms)
            #expect(try vault.open(again) == SecretValue("hunter2-hunter2"))
        }
    }

    @Test func `a file that others may read, or that is no key, is refused`() async throws {
        try await withScratch { scratch in
            let path = scratch.path("secret-key")
            _ = try vault(scratch).seal(SecretValue("hunter2-hunter2"), for: Self.terms)
            #expect(chmod(path, 0o440) == 0)
            let open = #expect(throws: RequestProblem.self) { try SecretKeys(path: path).current() }
            #expect(open?.detail.contains("chmod 0400") == true)
            try FileManager.default.removeItem(atPath: path)
            for text in ["x", "k1 AAAA", "k1"] {
                let file = try scratch.write(text, to: "secret-key")
                #expect(chmod(file.path, 0o600) == 0)
                let problem = #expect(throws: RequestProblem.self) {
                    try SecretKeys(path: path).current()
                }
                #expect(problem?.detail.contains("is damaged") == true)
            }
        }
    }

    /// A rewrap that ends anywhere, as a power cut ends it: between any two of its steps the file
    /// has the key of each row.
    @Test func `a rewrap that was broken off loses nothing and is gone on with`() async throws {
        try await withScratch { scratch in
            let path = scratch.path("secret-key")
            let old = try (0..<3).map { number in
                try vault(scratch).seal(SecretValue("hunter2-\(number)"), for: Self.terms)
            }
            try SecretKeys(path: path).renew()
            let first = try vault(scratch).rewrap(old[0])
            #expect(first.key != old[0].key)
            // Half a new file lies there, of one that was writing it.
            try scratch.write("k9 half", to: "secret-key.new")
            try SecretKeys(path: path).renew()
            let second = try vault(scratch).rewrap(old[1])
            #expect(Set([old[0].key, first.key, second.key]).count == 3)
            for sealed in old + [first, second] {
                #expect(throws: Never.self) { try vault(scratch).open(sealed) }
            }
            try SecretKeys(path: path).forget(allBut: [second.key, first.key])
            #expect(throws: RequestProblem.self) { try vault(scratch).open(old[2]) }
            #expect(try vault(scratch).open(first) == SecretValue("hunter2-0"))
            #expect(try vault(scratch).open(second) == SecretValue("hunter2-1"))
        }
    }
}
