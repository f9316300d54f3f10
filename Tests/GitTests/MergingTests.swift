import Core
import Foundation
import Git
import Testing

@Suite struct MergingTests {
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

    /// `main` and `side`, which have parted, each with a change of its own.
    private func part(_ ours: (String, String), _ theirs: (String, String)) throws
        -> (main: String, side: String)
    {
        try origin.write("1\n", to: "a.txt")
        try origin.commit("1\n", to: "b.txt")
        try origin.git("checkout", "-q", "-b", "side")
        let side = try origin.commit(theirs.1, to: theirs.0)
        try origin.git("checkout", "-q", "main")
        return (try origin.commit(ours.1, to: ours.0), side)
    }

    @Test func `a merge has both sides and is the same whenever it is made`() async throws {
        let (main, side) = try part(("a.txt", "2\n"), ("b.txt", "2\n"))
        _ = try await mirror.fetch(url)
        let merged = try await mirror.merge(side, into: main)
        guard case .merged(let sha) = merged else {
            Issue.record("\(merged)")
            return
        }
        #expect(try await mirror.merge(side, into: main) == merged)
        let info = try await mirror.read { try $0.commit(sha) }
        #expect(info.parents == [main, side])
        let files = try await mirror.read { reader in
            try ["a.txt", "b.txt"].map { try reader.file(at: $0, of: sha) }
        }
        #expect(files == [Array("2\n".utf8), Array("2\n".utf8)])
        try await mirror.keep(sha)
        try runGit(["fsck", "--strict"], in: mirror.folder)
        let theirs = try await mirror.merge(main, into: side)
        #expect(theirs != merged)
    }

    @Test func `what both sides changed is named`() async throws {
        let (main, side) = try part(("a.txt", "2\n"), ("a.txt", "3\n"))
        _ = try await mirror.fetch(url)
        #expect(try await mirror.merge(side, into: main) == .conflict(["a.txt"]))
    }

    @Test func `a commit that only goes on is merged all the same`() async throws {
        let first = try origin.commit("one")
        try origin.git("checkout", "-q", "-b", "side")
        let side = try origin.commit("two")
        _ = try await mirror.fetch(url)
        guard case .merged(let sha) = try await mirror.merge(side, into: first) else {
            Issue.record("it conflicts")
            return
        }
        let (merged, head) = try await mirror.read { reader in
            (try reader.commit(sha), try reader.commit(side))
        }
        #expect(merged.tree == head.tree)
        #expect(merged.parents == [first, side])
    }

    @Test func `a ref beside branches and tags is brought and leaves no ref`() async throws {
        try origin.commit("one")
        let fetched = try await mirror.fetch(url)
        try origin.git("checkout", "-q", "--detach")
        let hidden = try origin.commit("two")
        try origin.git("update-ref", "refs/pull/7/head", hidden)
        try origin.git("checkout", "-q", "main")
        let brought = try await mirror.bring(["refs/pull/7/head", "refs/pull/8/head"], from: url)
        #expect(brought == ["refs/pull/7/head": hidden])
        #expect(try await mirror.read { try $0.commit(hidden) }.commit.sha == hidden)
        #expect(try await mirror.read { try $0.refs() } == fetched.commits)
        #expect(try await mirror.bring(["../x", "refs/pull/7/head\u{0}"], from: url) == [:])
    }
}
