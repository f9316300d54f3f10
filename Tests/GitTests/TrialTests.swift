import Core
import Foundation
import Git
import Glibc
import Testing

@Suite struct TrialTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let mirror: Mirror
    private let store: String

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        mirror = try Mirror(at: scratch.path("mirror.git"))
        store = scratch.path("store")
    }

    /// What is in the work tree now, as a commit in a store of its own.
    private func snapshot() async throws -> String {
        try await WorkingTree(around: origin.folder)
            .snapshot(into: store, by: .init(name: "Ada", email: "ada@example.org"))
    }

    private func bundle(of sha: String, knowing known: [String]) async throws -> String {
        let path = scratch.path("try.bundle")
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        try await Mirror(at: store).read { reader in
            try reader.writeTrial(of: sha, known: known, to: file)
        }
        return path
    }

    private func known(among shas: [String]) async throws -> [String] {
        try await mirror.read { $0.known(among: shas) }
    }

    @Test func `only what the mirror lacks travels and it is whole there`() async throws {
        try origin.commit(String(repeating: "large\n", count: 100_000), to: "large.txt")
        let pushed = try origin.commit("1\n", to: "a.txt")
        let fetched = try await mirror.fetch(RemoteURL(origin.folder))
        let local = try origin.commit("2\n", to: "a.txt")
        try origin.write("3\n", to: "new/b.txt")
        let sha = try await snapshot()
        let lineage = try await Mirror(at: store).read { try $0.lineage(of: sha) }
        #expect(lineage.prefix(3) == [sha, local, pushed])
        let known = try await known(among: lineage + ["nonsense"])
        #expect(known == Array(lineage.dropFirst(2)))
        let path = try await bundle(of: sha, knowing: known)
        #expect(try Data(contentsOf: URL(filePath: path)).count < 3_000)
        try await mirror.takeTrial(at: path, of: sha)
        let bytes = try await mirror.read { try $0.file(at: "new/b.txt", of: sha) }
        #expect(bytes == Array("3\n".utf8))
        #expect(try await mirror.read { try $0.refs() } == fetched.commits)
        try runGit(["fsck", "--strict"], in: mirror.folder)
        let held = try runGit(["for-each-ref", "--format=%(refname)"], in: mirror.folder)
        #expect(held.contains("refs/slipway/keep/\(sha)"))
        try await mirror.release(sha)
        let left = try runGit(["for-each-ref", "--format=%(refname)"], in: mirror.folder)
        #expect(!left.contains(sha))
        // Nothing was left behind in the work tree's own repository either.
        #expect(try origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main\n")
    }

    @Test func `a bundle that lacks something or is another's is refused`() async throws {
        let pushed = try origin.commit("1\n", to: "a.txt")
        _ = try await mirror.fetch(RemoteURL(origin.folder))
        let middle = try origin.commit("2\n", to: "a.txt")
        try origin.write("3\n", to: "a.txt")
        let sha = try await snapshot()
        let path = try await bundle(of: sha, knowing: [pushed])
        let other = await #expect(throws: GitError.self) {
            try await mirror.takeTrial(at: path, of: middle)
        }
        #expect(other?.code == .corrupt)
        let thin = try await bundle(of: sha, knowing: [middle])
        let missing = await #expect(throws: GitError.self) {
            try await mirror.takeTrial(at: thin, of: sha)
        }
        #expect(missing?.code == .notFound)
        // A pack that says nothing of what it builds on, and lacks it.
        let whole = try Data(contentsOf: URL(filePath: thin))
        let line = Data("-\(middle) \n".utf8)
        var forged = whole
        let place = try #require(forged.range(of: line))
        forged.removeSubrange(place)
        try forged.write(to: URL(filePath: thin))
        await #expect(throws: GitError.self) { try await mirror.takeTrial(at: thin, of: sha) }
        let cut = try await bundle(of: sha, knowing: [pushed])
        let bytes = try Data(contentsOf: URL(filePath: cut))
        try bytes.dropLast(30).write(to: URL(filePath: cut))
        await #expect(throws: GitError.self) { try await mirror.takeTrial(at: cut, of: sha) }
        let refs = try runGit(["for-each-ref", "--format=%(refname)"], in: mirror.folder)
        #expect(!refs.contains("slipway"))
    }

    @Test func `a history that is too far away is refused in words`() async throws {
        try origin.commit("1\n", to: "a.txt")
        let stream = (0..<1_100).map { number in
            """
            commit refs/heads/far
            committer Ada <ada@example.org> \(1_700_000_000 + number) +0000
            data 2
            x
            M 100644 inline a.txt
            data 5
            \(String(format: "%05d", number))

            """
        }.joined()
        try origin.git("fast-import", "--quiet", input: Data(stream.utf8))
        try origin.git("checkout", "-q", "far")
        let sha = try await snapshot()
        let error = await #expect(throws: GitError.self) {
            _ = try await bundle(of: sha, knowing: [])
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "the server lacks more than 1000 commits of this history")
        let lineage = try await Mirror(at: store).read { try $0.lineage(of: sha) }
        #expect(lineage.count == 1_000)
    }

    @Test func `the remotes of a work tree are told with origin first`() throws {
        try origin.git("remote", "add", "a", "https://a.example.org/x.git")
        try origin.git("remote", "add", "origin", "https://b.example.org/x.git")
        let tree = try WorkingTree(around: origin.folder)
        #expect(
            try tree.remotes() == ["https://b.example.org/x.git", "https://a.example.org/x.git"]
        )
    }
}
