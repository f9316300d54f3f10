import Core
import Foundation
import Git
import Testing

@Suite struct MirrorReaderTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let mirror: Mirror

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        mirror = try Mirror(at: scratch.path("mirror.git"))
    }

    /// Reads the mirror after it was brought up to date.
    private func read<Answer: Sendable>(
        _ body: @escaping @Sendable (borrowing MirrorReader) throws -> Answer
    ) async throws -> Answer {
        _ = try await mirror.fetch(RemoteURL(origin.folder))
        return try await mirror.read(body)
    }

    @Test func `a commit tells who, when and what`() async throws {
        let first = try origin.commit("one")
        let sha = try origin.commit("two", message: "Subject\n\nBody with ü")
        let info = try await read { try $0.commit(sha) }
        #expect(info.commit.message == "Subject\n\nBody with ü\n")
        #expect(info.commit.author == "Ann Author")
        #expect(info.commit.authorEmail == "ann@example.org")
        #expect(info.parents == [first])
        let seconds = try origin.git("log", "-1", "--format=%ct")
        #expect("\(Int(info.commit.committedAt.timeIntervalSince1970))\n" == seconds)
    }

    @Test func `a commit without message, author or sense can be read`() async throws {
        try origin.commit("one")
        let silent = try origin.commit("two", message: "")
        let tree = try origin.git("rev-parse", "HEAD^{tree}").trimmingCharacters(in: .newlines)
        let raw = Data("tree \(tree)\nauthor nobody\ncommitter <> x\n\n".utf8) + [0xFF, 0xFE]
        let odd =
            try origin
            .git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", input: raw)
            .trimmingCharacters(in: .newlines)
        try origin.git("update-ref", "refs/heads/odd", odd)
        let (first, second) = try await read { (try $0.commit(silent), try $0.commit(odd)) }
        #expect(first.commit.message.isEmpty)
        #expect(second.commit.message == "\u{FFFD}\u{FFFD}")
        #expect(second.commit.author == "nobody")
    }

    @Test func `files and folders are read at a commit`() async throws {
        try origin.write("steps", to: "pipelines/main.yml")
        try origin.write("FROM x", to: "containers/web/Dockerfile")
        let sha = try origin.commit("one")
        try await read { reader in
            let text = try reader.file(at: "pipelines/main.yml", of: sha)
            #expect(text.map { String(decoding: $0, as: UTF8.self) } == "steps")
            #expect(try reader.folder(at: "pipelines", of: sha)?.map(\.name) == ["main.yml"])
            #expect(
                try reader.folder(at: "", of: sha)?.map(\.name)
                    == ["README", "containers", "pipelines"]
            )
            #expect(try reader.folder(at: "containers/web", of: sha)?.map(\.kind) == [.file])
            for absent in ["nothing", "README/x", "pipelines/../README", "containers", "README\0"] {
                #expect(try reader.file(at: absent, of: sha) == nil)
            }
            #expect(try reader.treeID(at: "README", of: sha) == nil)
        }
        let error = await #expect(throws: GitError.self) {
            try await read { try $0.file(at: "pipelines/main.yml", of: sha, bytesMax: 4) }
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func `equal folders have equal names`() async throws {
        try origin.write("FROM x", to: "containers/web/Dockerfile")
        let first = try origin.commit("one")
        let second = try origin.commit("two")
        let (one, two) = try await read {
            (
                try $0.treeID(at: "containers/web", of: first),
                try $0.treeID(at: "containers/web", of: second)
            )
        }
        #expect(one == two)
        #expect(one != nil)
    }

    @Test func `changed paths are what git diff says`() async throws {
        try origin.write("a", to: "same/file")
        try origin.write("a", to: "gone/deep/file")
        try origin.write("a", to: "turns")
        let first = try origin.commit("one")
        try origin.git("rm", "-q", "-r", "gone", "turns")
        try origin.write("b", to: "turns/into/folder")
        try origin.write("b", to: "new-file")
        let second = try origin.commit("two")
        let changed = try await read { try $0.changedPaths(from: first, to: second) }
        let told = try origin.git("diff", "--no-renames", "--name-only", first, second)
        #expect(changed.paths == told.split(separator: "\n").map(String.init).sorted())
        #expect(!changed.isTruncated)
        let few = try await read { try $0.changedPaths(from: nil, to: second, countMax: 2) }
        #expect(few.paths.count == 2)
        #expect(few.isTruncated)
    }

    @Test func `a new branch is compared with where it left the default branch`() async throws {
        let base = try origin.commit("one")
        try origin.git("checkout", "-q", "-b", "topic")
        let topic = try origin.commit("topic", to: "only-here")
        try origin.git("checkout", "-q", "main")
        let main = try origin.commit("two")
        let found = try await read { try $0.mergeBase(of: topic, and: main) }
        #expect(found == base)
        try origin.git("checkout", "-q", "--orphan", "stranger")
        let stranger = try origin.commit("three")
        #expect(try await read { try $0.mergeBase(of: stranger, and: main) } == nil)
    }

    @Test func `a ref, a tag and a commit name resolve, and nothing else`() async throws {
        let first = try origin.commit("one")
        try origin.git("tag", "-a", "v1", "-m", "One")
        let second = try origin.commit("two")
        let names = ["main", "refs/heads/main", "v1", first, String(first.prefix(9))]
        let found = try await read { reader in try names.map { try reader.resolve($0) } }
        #expect(found == [second, second, first, first, first])
        let zeros = String(repeating: "0", count: 40)
        for wrong in ["", "main~1", ":/one", "HEAD", "../config", "main\0", zeros] {
            let error = await #expect(throws: GitError.self) {
                try await mirror.read { try $0.resolve(wrong) }
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `describe says what git describe says`() async throws {
        try origin.git("fast-import", "--quiet", input: Data(History.stream(commitCount: 120).utf8))
        for (index, name) in ["v0.1", "v0.2", "v0.3", "other", "v0.4", "v1.0"].enumerated() {
            let commit = "refs/heads/c\(index * 18 + 3)"
            if index % 2 == 0 {
                try origin.git("tag", "-a", name, "-m", name, commit)
            } else {
                try origin.git("tag", name, commit)
            }
        }
        try origin.git("tag", "v0.1-again", "v0.1^{commit}")
        let names = (3..<120).map { "refs/heads/c\($0)" }
        let told = try runGit(
            ["describe", "--tags", "--match", "v*", "--abbrev=8", "--always"] + names,
            in: origin.folder
        )
        let found = try await read { reader in
            try names.map { name in
                let sha = try reader.resolve(name)
                return try reader.describe(sha)?.description ?? String(sha.prefix(8))
            }
        }
        #expect(found == told.split(separator: "\n").map(String.init))
        #expect(try await read { try $0.describe($0.resolve("refs/heads/c0")) } == nil)
    }
}
