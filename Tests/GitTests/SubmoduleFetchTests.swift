import Core
import Foundation
import Git
import Testing

/// Single commits of remotes, as submodules name them.
@Suite(.timeLimit(.minutes(1))) struct SubmoduleFetchTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let mirror: Mirror
    private let url: RemoteURL

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        mirror = try Mirror(at: scratch.path("mirror.git"))
        url = try RemoteURL(origin.folder)
    }

    @Test func `a commit that is here asks nothing of its remote, and outlives it`() async throws {
        let sha = try origin.commit("one")
        try await mirror.obtain(sha, from: url)
        try FileManager.default.removeItem(atPath: origin.folder)
        try await mirror.obtain(sha, from: url)
        try runGit(["gc", "--quiet", "--prune=now"], in: mirror.folder)
        try await mirror.obtain(sha, from: url)
        #expect(try await mirror.read { try $0.commit(sha).commit.sha } == sha)
    }

    @Test func `a commit that was pushed away stays, and one that is no branch's can be had`()
        async throws
    {
        try origin.commit("one")
        let kept = try origin.commit("two")
        try await mirror.obtain(kept, from: url)
        let hidden = try origin.commit("three")
        try origin.git("reset", "-q", "--hard", "HEAD~2")
        try await mirror.obtain(kept, from: url)
        try await mirror.obtain(hidden, from: url)
        try origin.git("reflog", "expire", "--expire=now", "--all")
        try origin.git("gc", "-q", "--prune=now")
        try await mirror.obtain(kept, from: url)
        let fresh = try Mirror(at: scratch.path("fresh.git"))
        let error = await #expect(throws: GitError.self) {
            try await fresh.obtain(kept, from: url)
        }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains(kept) == true)
    }

    @Test func `a file's name is no commit's`() async throws {
        try origin.commit("one")
        let blob = try origin.git("rev-parse", "HEAD:README").trimmingCharacters(in: .newlines)
        let error = await #expect(throws: GitError.self) {
            try await mirror.obtain(blob, from: url)
        }
        #expect(error?.code == .notFound)
    }

    @Test func `a remote that hangs is a remote that hangs, not a missing commit`() async throws {
        let silent = try SilentServer()
        let url = try RemoteURL("http://127.0.0.1:\(silent.port)/lib.git")
        let sha = String(repeating: "a1", count: 20)
        let error = await #expect(throws: GitError.self) {
            try await mirror.obtain(sha, from: url, limits: FetchLimits(deadline: .seconds(1)))
        }
        #expect(error?.code == .timedOut)
    }
}
