import Foundation
import Git
import Testing

@Suite struct KeepingTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let folder: String

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        folder = scratch.path("mirror.git")
    }

    private func fetched() async throws -> Mirror {
        let mirror = try Mirror(at: folder)
        _ = try await mirror.fetch(try RemoteURL(origin.folder))
        return mirror
    }

    @Test func `a commit may be kept by many at the same moment`() async throws {
        let sha = try origin.commit("one")
        let mirror = try await fetched()
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<100 { group.addTask { try await mirror.keep(sha) } }
        }
        let refs = try runGit(["for-each-ref", "refs/slipway/keep"], in: folder)
        #expect(refs.hasPrefix(sha))
    }

    @Test func `what was released may be kept again`() async throws {
        let sha = try origin.commit("one")
        let mirror = try await fetched()
        try await mirror.keep(sha)
        try await mirror.release(sha)
        #expect(try runGit(["for-each-ref", "refs/slipway/keep"], in: folder).isEmpty)
        try await mirror.keep(sha)
        #expect(try !runGit(["for-each-ref", "refs/slipway/keep"], in: folder).isEmpty)
    }

    @Test func `lock files of a killed process refuse nothing`() async throws {
        let sha = try origin.commit("one")
        _ = try await fetched()
        for name in ["refs/slipway/keep/\(sha)", "refs/heads/main", "packed-refs", "HEAD"] {
            let lock = URL(filePath: "\(folder)/\(name).lock")
            try FileManager.default.createDirectory(
                at: lock.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data().write(to: lock)
        }
        try origin.commit("two")
        let mirror = try await fetched()
        try await mirror.keep(sha)
        #expect(try !runGit(["for-each-ref", "refs/slipway/keep"], in: folder).isEmpty)
    }
}
