import Foundation
import Git
import Glibc
import Testing

/// Submodules in checkouts, and of working trees, as the real git sees them.
@Suite struct SubmoduleCheckoutTests {
    private let scratch: Scratch
    private let deep: TestRepository
    private let library: TestRepository
    private let origin: TestRepository

    /// A repository with a submodule in a folder, which has one itself.
    init() throws {
        scratch = try Scratch()
        deep = try scratch.repository("deep")
        try deep.commit("deep\n", to: "deep.txt")
        library = try scratch.repository("library")
        try library.commit("library\n", to: "library.txt")
        try library.addModule("../deep", at: "inner")
        origin = try scratch.repository()
        try origin.commit("top\n", to: "top.txt")
        try origin.addModule("../library", at: "libs/one")
        try origin.git(
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "update",
            "--init",
            "--recursive"
        )
    }

    /// Checks a snapshot out of the stores it was written to, as `slipway run` does.
    private func checkOut(_ snapshot: TreeSnapshot, from store: String) async throws
        -> TestRepository
    {
        let work = TestRepository(folder: scratch.path("work-\(UUID().uuidString)"))
        var all: [Submodule] = []
        var open: [(store: String, sha: String, parent: Int?)] = [(store, snapshot.sha, nil)]
        var next = 0
        while next < open.count {
            let (store, sha, parent) = open[next]
            for link in try await Mirror(at: store).read({ try $0.submodules(of: sha) }) {
                let path = (parent.map { all[$0].path + "/" } ?? "") + link.path
                open.append((try #require(snapshot.stores[path]), link.sha, all.count))
                all.append(
                    Submodule(
                        path: path,
                        name: link.name,
                        url: "file://" + scratch.path(link.name),
                        sha: link.sha,
                        parent: parent
                    )
                )
            }
            next += 1
        }
        let tree = try SubmoduleTree(all)
        try await cache(of: snapshot.sha, in: store).checkOut(
            snapshot.sha,
            ref: "refs/heads/main",
            remoteURL: origin.folder,
            into: work.folder,
            with: tree
        )
        for index in all.indices {
            try await cache(of: all[index].sha, in: open[index + 1].store)
                .checkOut(submodule: index, of: tree, into: work.folder)
        }
        return work
    }

    private func cache(of sha: String, in store: String) async throws -> SourceCache {
        let cache = try SourceCache(at: scratch.path("cache-\(sha)"))
        try await cache.obtain(sha) { haves in
            let path = scratch.path("source-\(UUID().uuidString)")
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            defer { close(file) }
            try await Mirror(at: store).read {
                try $0.writeSource(of: sha, haves: haves, to: file)
            }
            return path
        }
        return cache
    }

    private func snapshot() async throws -> (TreeSnapshot, store: String) {
        let store = scratch.path("store-\(UUID().uuidString)")
        let author = WorkingTree.Author(name: "Ada", email: "ada@example.org")
        let tree = try WorkingTree(around: origin.folder)
        return (try await tree.wholeSnapshot(into: store, by: author), store)
    }

    @Test func `each submodule is one that git finds clean, with its history`() async throws {
        let (snapshot, store) = try await snapshot()
        #expect(snapshot.sha == (try origin.head()))
        let work = try await checkOut(snapshot, from: store)
        #expect(try work.git("status", "--porcelain", "--branch") == "## main\n")
        let status = try work.git("submodule", "status", "--recursive")
        let heads = try origin.git("submodule", "status", "--recursive")
        #expect(
            status.split(separator: "\n").map { $0.prefix(41) }
                == heads.split(separator: "\n").map { $0.prefix(41) }
        )
        #expect(status.split(separator: "\n").allSatisfy { $0.hasPrefix(" ") }, "\(status)")
        #expect(try work.git("-C", "libs/one", "log", "--format=%s").contains("Change library.txt"))
        #expect(try work.git("-C", "libs/one/inner", "fsck", "--strict").isEmpty)
        #expect(try work.git("-C", "libs/one", "status", "--porcelain").isEmpty)
        #expect(
            try String(contentsOfFile: work.folder + "/libs/one/inner/deep.txt", encoding: .utf8)
                == "deep\n"
        )
        // Where Git itself keeps them: taking one away and back needs no network.
        try work.git("submodule", "deinit", "--quiet", "--force", "libs/one")
        try work.git("submodule", "--quiet", "update", "--init", "libs/one")
        #expect(try work.git("status", "--porcelain").isEmpty)
        #expect(
            try work.git("submodule", "foreach", "--quiet", "git config remote.origin.url")
                == "file://\(scratch.path("libs/one"))\n"
        )
    }

    @Test func `what is changed in submodules of a working tree is in its snapshot`() async throws {
        try origin.write("changed\n", to: "libs/one/library.txt")
        try origin.write("new\n", to: "libs/one/inner/new.txt")
        let before = try origin.git("status", "--porcelain")
        let (snapshot, store) = try await snapshot()
        #expect(snapshot.sha != (try origin.head()))
        #expect(Set(snapshot.stores.keys) == ["libs/one", "libs/one/inner"])
        let work = try await checkOut(snapshot, from: store)
        #expect(try work.git("status", "--porcelain").isEmpty)
        let status = try work.git("submodule", "status", "--recursive")
        #expect(status.split(separator: "\n").allSatisfy { $0.hasPrefix(" ") }, "\(status)")
        for (path, text) in [("library.txt", "changed\n"), ("inner/new.txt", "new\n")] {
            let file = "\(work.folder)/libs/one/\(path)"
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        }
        #expect(try origin.git("status", "--porcelain") == before)
    }

    @Test func `a submodule that is not checked out has no store`() async throws {
        try origin.git("submodule", "deinit", "--quiet", "--force", "libs/one")
        let (snapshot, _) = try await snapshot()
        #expect(snapshot.stores.isEmpty)
        #expect(snapshot.sha == (try origin.head()))
    }

    @Test func `a submodule that cannot be read holds up only who asks for it`() async throws {
        try origin.write("damaged", to: ".git/modules/libs/one/index")
        let (snapshot, _) = try await snapshot()
        #expect(snapshot.stores.isEmpty)
        #expect(Set(snapshot.problems.keys) == ["libs/one"])
        #expect(snapshot.sha == (try origin.head()))
    }

    @Test func `a link on the way to a submodule leads nowhere`() async throws {
        let (snapshot, store) = try await snapshot()
        let work = scratch.path("work")
        let link = Submodule(path: "out/one", name: "one", url: "x", sha: snapshot.sha)
        let tree = try SubmoduleTree([link])
        let cache = try await cache(of: snapshot.sha, in: store)
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        symlink(scratch.folder, work + "/out")
        let error = await #expect(throws: GitError.self) {
            try await cache.checkOut(submodule: 0, of: tree, into: work)
        }
        #expect(error?.message.contains("plain folders") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("one")))
    }
}

extension TestRepository {
    /// Adds a submodule and commits it.
    @discardableResult
    func addModule(_ url: String, at path: String) throws -> String {
        try git(
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            url,
            path
        )
        try git("commit", "-q", "-m", "Add \(path)")
        return try head()
    }
}
