import Core
import Foundation
import Git
import Testing

@Suite struct MirrorTests {
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

    @Test func `a mirror that is there is opened by many at once`() async throws {
        let folder = scratch.path("mirror")
        _ = try Mirror(at: folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<500 { _ = try Mirror(at: folder) } }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a fetch lists the branches and tags of the remote, and only those`() async throws {
        let first = try origin.commit("one")
        try origin.git("tag", "light")
        try origin.git("tag", "-a", "v1.0", "-m", "One")
        try origin.git("branch", "topic/a")
        try origin.git("update-ref", "refs/pull/1/head", first)
        let fetched = try await mirror.fetch(url)
        let names = [
            "refs/heads/main", "refs/heads/topic/a", "refs/tags/light", "refs/tags/v1.0",
        ]
        #expect(fetched.commits.keys.sorted() == names)
        #expect(Set(fetched.commits.values) == [first])
        #expect(fetched.defaultBranch == "main")
        #expect(try await mirror.read { try $0.refs() } == fetched.commits)
    }

    @Test func `a second fetch sees what moved, came and went`() async throws {
        try origin.commit("one")
        try origin.git("branch", "topic")
        let before = try await mirror.fetch(url).commits
        let second = try origin.commit("two")
        try origin.git("branch", "-D", "topic")
        // A folder where a branch was.
        try origin.git("branch", "topic/nested")
        let after = try await mirror.fetch(url).commits
        #expect(
            RefMoves.between(before, and: after).map(\.ref) == [
                "refs/heads/main", "refs/heads/topic", "refs/heads/topic/nested",
            ]
        )
        #expect(after["refs/heads/main"] == second)
        #expect(try runGit(["fsck", "--strict"], in: mirror.folder).isEmpty)
    }
}
