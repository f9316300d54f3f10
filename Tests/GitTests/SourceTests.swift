import Foundation
import Git
import Glibc
import Testing

@Suite struct SourceTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let mirror: Mirror
    private let cache: SourceCache

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        mirror = try Mirror(at: scratch.path("mirror.git"))
        cache = try SourceCache(at: scratch.path("cache.git"))
    }

    /// Writes a source to a file and gives its path.
    private func source(
        of sha: String,
        haves: [String] = [],
        depth: Int? = 50
    ) async throws -> String {
        _ = try await mirror.fetch(RemoteURL(origin.folder))
        let path = scratch.path("source-\(UUID().uuidString)")
        try await mirror.read { reader in
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            defer { close(file) }
            try reader.writeSource(of: sha, haves: haves, depth: depth, to: file)
        }
        return path
    }

    private func checkOut(
        _ sha: String,
        ref: String? = "refs/heads/main",
        depth: Int? = 50
    ) async throws -> TestRepository {
        try await cache.obtain(sha, depth: depth) {
            try await source(of: sha, haves: $0, depth: depth)
        }
        let work = TestRepository(folder: scratch.path("work-\(UUID().uuidString)"))
        let url = "file://" + origin.folder
        try await cache.checkOut(
            sha,
            ref: ref,
            remoteURL: url,
            depth: depth,
            into: work.folder
        )
        return work
    }

    @Test func `a checkout is one that the real git finds clean and whole`() async throws {
        try origin.write("#!/bin/sh\n", to: "bin/run")
        try origin.git("update-index", "--add", "--chmod=+x", "bin/run")
        chmod(origin.folder + "/bin/run", 0o755)
        symlink("bin/run", origin.folder + "/link")
        try origin.write("odd", to: "sub/näme \"with\" \n newline")
        for number in 1...3 { try origin.commit("\(number)", to: "file") }
        try origin.git("tag", "-a", "v1.0", "-m", "One", "HEAD~1")
        try origin.git("tag", "light", "HEAD~2")
        let sha = try origin.head()
        let work = try await checkOut(sha)
        #expect(try work.git("status", "--porcelain", "--branch") == "## main\n")
        #expect(try work.git("fsck", "--strict", "--no-dangling").isEmpty)
        #expect(try work.git("log", "--format=%H") == origin.git("log", "--format=%H"))
        #expect(try work.git("describe") == origin.git("describe"))
        #expect(try work.git("tag") == "light\nv1.0\n")
        #expect(try work.git("ls-files", "-s") == origin.git("ls-files", "-s"))
        #expect(try work.git("rev-parse", "origin/main") == sha + "\n")
        #expect(
            try work.git("config", "remote.origin.url") == "file://\(origin.folder)\n"
        )
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: work.folder + "/link")
                == "bin/run"
        )
    }

    @Test func `history ends at the depth and git knows it`() async throws {
        for number in 1...10 { try origin.commit("\(number)") }
        let work = try await checkOut(origin.head(), depth: 4)
        #expect(try work.git("rev-list", "--count", "HEAD") == "4\n")
        #expect(try work.git("rev-parse", "--is-shallow-repository") == "true\n")
        #expect(try work.git("fsck", "--strict", "--no-dangling").isEmpty)
        #expect(try work.git("status", "--porcelain").isEmpty)
    }

    @Test func `a change and its revert do not leave a file out for each other`() async throws {
        try origin.write("steady", to: "folder/steady")
        try origin.commit("one", to: "folder/changing")
        try origin.commit("two", to: "folder/changing")
        let work = try await checkOut(origin.commit("one", to: "folder/changing"))
        #expect(try work.git("fsck", "--strict").isEmpty)
        #expect(try runGit(["fsck", "--strict"], in: mirror.folder).isEmpty)
    }

    @Test func `every source of a tangled history is whole`() async throws {
        try origin.git("fast-import", "--quiet", input: Data(History.stream(commitCount: 60).utf8))
        // Forwards, backwards and sideways, so that what the cache has fits badly.
        for number in [20, 59, 3, 40, 41, 58] {
            let work = try await checkOut(origin.head("c\(number)"), depth: 7)
            #expect(try work.git("fsck", "--strict", "--no-dangling").isEmpty)
            #expect(try work.git("status", "--porcelain").isEmpty)
        }
        #expect(try runGit(["fsck", "--strict"], in: mirror.folder).isEmpty)
    }

    @Test func `a tag is checked out detached`() async throws {
        let sha = try origin.commit("one")
        try origin.git("tag", "v1")
        let work = try await checkOut(sha, ref: "refs/tags/v1")
        #expect(try work.git("rev-parse", "--abbrev-ref", "HEAD") == "HEAD\n")
        #expect(try work.git("describe", "--tags") == "v1\n")
    }

    @Test func `the second source moves only what changed`() async throws {
        for number in 0..<50 {
            try origin.write(
                String(repeating: "\(number) text\n", count: 100),
                to: "dir\(number % 5)/\(number)"
            )
        }
        let first = try origin.commit("one")
        let whole = try await source(of: first)
        let second = try origin.commit("changed", to: "dir1/1")
        let part = try await source(of: second, haves: [first])
        // A bundle whose pack is one commit, two trees and a file.
        let bytes = try Data(contentsOf: URL(filePath: part))
        let start = try #require(bytes.firstRange(of: Data("\n\nPACK".utf8))?.lowerBound)
        #expect(bytes[start + 10..<start + 14].elementsEqual([0, 0, 0, 4]))
        try await cache.index(sourceAt: whole)
        try await cache.index(sourceAt: part)
        let work = try await checkOut(second)
        #expect(try work.git("rev-list", "--count", "HEAD") == "2\n")
        #expect(try work.git("fsck", "--strict").isEmpty)
    }

    @Test func `sources of several depths and branches live side by side`() async throws {
        for number in 1...6 { try origin.commit("\(number)") }
        let old = try origin.head("HEAD~3")
        let shallow = try await checkOut(old, depth: 2)
        #expect(try shallow.git("rev-list", "--count", "HEAD") == "2\n")
        let deep = try await checkOut(origin.head(), depth: nil)
        #expect(try deep.git("rev-list", "--count", "HEAD") == "6\n")
        #expect(try deep.git("rev-parse", "--is-shallow-repository") == "false\n")
        try origin.git("checkout", "-q", "--orphan", "other")
        let stranger = try await checkOut(origin.commit("other"), ref: "refs/heads/other", depth: 1)
        for work in [shallow, deep, stranger] {
            #expect(try work.git("fsck", "--strict", "--no-dangling").isEmpty)
            #expect(try work.git("status", "--porcelain").isEmpty)
        }
    }

    @Test func `many small pushes do not make many packs`() async throws {
        try origin.commit("0")
        for number in 1...30 {
            _ = try await checkOut(origin.commit("\(number)"))
        }
        let packs = try FileManager.default
            .contentsOfDirectory(atPath: cache.folder + "/objects/pack")
            .filter { $0.utf8.suffix(5).elementsEqual(".pack".utf8) }
        #expect(packs.count <= 21)
        let work = try await checkOut(origin.head())
        #expect(try work.git("fsck", "--strict").isEmpty)
    }

    @Test func `a source that builds on what the cache dropped is asked for again`() async throws {
        let first = try origin.commit("one")
        let second = try origin.commit("two")
        let part = try await source(of: second, haves: [first])
        var asked: [[String]] = []
        try await cache.obtain(second) { haves in
            asked.append(haves)
            return asked.count == 1 ? part : try await source(of: second, haves: haves)
        }
        #expect(asked == [[], []])
        #expect(try await cache.has(second))
    }

    @Test func `a truncated source is refused and leaves nothing`() async throws {
        let sha = try origin.commit(String(repeating: "text ", count: 1000))
        let path = try await source(of: sha)
        let bytes = try Data(contentsOf: URL(filePath: path))
        try bytes.dropLast(100).write(to: URL(filePath: path))
        let error = await #expect(throws: GitError.self) {
            try await cache.index(sourceAt: path)
        }
        #expect(error?.code == .corrupt)
        #expect(try await !cache.has(sha))
        let left = try FileManager.default.contentsOfDirectory(
            atPath: cache.folder + "/objects/pack"
        )
        #expect(left.isEmpty)
    }
}
