import Foundation
import Git
import Testing

@Suite struct WorkingTreeTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let author = WorkingTree.Author(name: "Ada", email: "ada@example.org")

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
    }

    @Test func `a clean checkout is the commit it is of`() async throws {
        let head = try origin.commit("one\n", to: "a.txt")
        let tree = try WorkingTree(around: origin.folder)
        #expect(tree.branch == "refs/heads/main")
        #expect(try await tree.snapshot(into: scratch.path("store"), by: author) == head)
    }

    @Test func `what is changed, new and gone is in the commit, and nothing ignored`() async throws
    {
        try origin.write("gone\n", to: "gone.txt")
        try origin.write("*.log\n", to: ".gitignore")
        let head = try origin.commit("one\n", to: "a.txt")
        try origin.write("two\n", to: "a.txt")
        try origin.write("new\n", to: "deep/new.txt")
        try origin.write("noise\n", to: "deep/x.log")
        try FileManager.default.removeItem(atPath: "\(origin.folder)/gone.txt")
        let before = try origin.git("status", "--porcelain")
        let tree = try WorkingTree(around: "\(origin.folder)/deep")
        #expect(tree.folder == URL(filePath: origin.folder).resolvingSymlinksInPath().path)
        let store = scratch.path("store")
        let sha = try await tree.snapshot(into: store, by: author)
        let names = try runGit(["ls-tree", "-r", "--name-only", sha], in: store)
        #expect(
            names.split(separator: "\n").map(String.init) == [
                ".gitignore", "a.txt", "deep/new.txt",
            ]
        )
        #expect(try runGit(["show", "\(sha):a.txt"], in: store).hasPrefix("two"))
        #expect(try runGit(["rev-parse", "\(sha)^"], in: store).hasPrefix(head))
        // The checkout and its repository are as they were.
        #expect(try origin.git("status", "--porcelain") == before)
        #expect(throws: (any Error).self) { try origin.git("cat-file", "-e", sha) }
    }

    @Test func `a folder outside Git is refused`() throws {
        #expect(throws: GitError.self) { try WorkingTree(around: scratch.folder) }
    }
}
