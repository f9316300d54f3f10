import Core
import Foundation
import Logging
import Storage
import TestSupport
import Testing
import Wire

@testable import Master

@Suite struct TryTests {
    /// A commit beside all branches, as a bundle that holds only what the server lacks.
    private func bundle(_ repository: SampleRepository, knowing base: String) async throws
        -> (sha: String, bytes: Data)
    {
        try await repository.git(["checkout", "--quiet", "--detach"])
        let sha = try await repository.commit(["a.txt": "tried\n"], message: "Try")
        let path = repository.work.path + "/../try.bundle"
        try await repository.git(["bundle", "create", path, "HEAD", "^\(base)"])
        return (sha, try Data(contentsOf: URL(filePath: path)))
    }

    @Test func `a commit that was sent is built as a try and leaves no branch`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let pushed = try await live.build(in: repository)
            let base = pushed.sha.string ?? ""
            let alice = try await live.api(.developer, named: "alice")
            let (sha, bytes) = try await bundle(repository, knowing: base)
            let path = "/api/v1/repositories/shop"
            let known = try await alice.post(
                "\(path)/commits/known",
                ["commits": [.string(sha), .string(base)]]
            )
            #expect(known.json.commits.elements.map(\.string) == [base])
            let early = try await alice.post("\(path)/tries", ["sha": .string(sha)])
            #expect(early.status == 404)
            #expect(early.json.detail.string?.contains("send it first") == true)
            let sent = try await alice.send("PUT", "\(path)/tries/\(sha)", body: bytes)
            #expect(sent.status == 204, "\(sent.text)")
            let started = try await alice.post(
                "\(path)/tries",
                ["sha": .string(sha), "branch": "main"]
            )
            #expect(started.status == 201, "\(started.text)")
            let build = started.json.builds[0]
            #expect(build.event == "try")
            #expect(build.reason == "Try by alice")
            #expect(build.ref == "refs/try/alice/main")
            let page = try await live.admin.get("/builds/\(build.id.int ?? 0)").text
            #expect(page.contains("Try by alice."))
            #expect(page.contains("a try of what was not pushed"))
            #expect(
                try await repository.git(["ls-remote", "origin", "refs/*"]).split(separator: "\n")
                    .count == 1
            )
        }
    }

    @Test func `what cannot be tried is refused in words`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let onTags = "on: { tag: [\"v*\"] }\n" + onePipeline
            let base = try await repository.push(["pipelines/main.yml": onTags])
            try await eventually("it was fetched") {
                let known = try await live.admin.post(
                    "/api/v1/repositories/shop/commits/known",
                    ["commits": [.string(base)]]
                )
                return known.json.commits.elements.count == 1
            }
            let path = "/api/v1/repositories/shop/tries"
            let nothing = try await live.admin.post(path, ["sha": .string(base), "branch": "main"])
            #expect(nothing.status == 422)
            #expect(nothing.json.detail.string?.hasPrefix("Nothing is to be built") == true)
            let named = try await live.admin.post(
                path,
                ["sha": .string(base), "pipeline": "main"]
            )
            #expect(named.status == 201)
            let ghost = try await live.admin.post(path, ["sha": .string(base), "pipeline": "x"])
            #expect(ghost.json.detail.string?.contains("no pipeline `x`") == true)
            let garbage = try await live.admin.send(
                "PUT",
                "\(path)/\(base)",
                body: Data("nonsense".utf8)
            )
            #expect(garbage.status == 422)
            #expect(garbage.json.detail.string?.hasPrefix("This try cannot be taken") == true)
            let large = try await live.admin.send(
                "PUT",
                "\(path)/\(base)",
                body: Data(count: 64 << 20 + 1)
            )
            #expect(large.status == 413)
            let unknown = try await live.admin.post(
                "/api/v1/repositories/ghost/tries",
                ["sha": .string(base)]
            )
            #expect(unknown.json.detail == "There is no repository ghost.")
            let many = JSON.array(Array(repeating: .string(base), count: 1_001))
            let list = try await live.admin.post(
                "/api/v1/repositories/shop/commits/known",
                ["commits": many]
            )
            #expect(list.status == 400)
        }
    }

    @Test func `the commits of old tries are let go of, and only those`() async throws {
        try await withScratch { scratch in
            for folder in ["logs", "mirrors", "packs"] {
                try FileManager.default.createDirectory(
                    atPath: scratch.path(folder),
                    withIntermediateDirectories: true
                )
            }
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let database = try ControlDatabase(path: scratch.path("slipway.db"))
            let mirrors = Mirrors(folder: scratch.path("mirrors"))
            let sample = try await SampleRepository(in: scratch)
            let old = try await sample.push(["a.txt": "1"])
            let new = try await sample.push(["a.txt": "2"])
            let now = Date()
            let repository = try await database.write { tx in
                let draft = RepositoryDraft(
                    name: "shop",
                    url: sample.bare.path,
                    defaultBranch: "main",
                    pollInterval: 60
                )
                let added = try tx.addRepository(draft, at: now)
                try tx.noteTrial(old, of: added.id, at: now.addingTimeInterval(-9_000))
                try tx.noteTrial(new, of: added.id, at: now)
                return added
            }
            _ = try await mirrors.fetch(repository)
            for sha in [old, new] { try await mirrors.keep(sha, of: repository) }
            let upkeep = TryUpkeep(database: database, mirrors: mirrors, logger: logger)
            try await upkeep.release(before: now.addingTimeInterval(-3_600))
            let mirror = scratch.path("mirrors/\(repository.id).git")
            let refs = try await Command.run(
                "git",
                ["-C", mirror, "for-each-ref", "refs/slipway/keep"]
            ).orThrow().text
            #expect(!refs.contains(old))
            #expect(refs.contains(new))
        }
    }
}
