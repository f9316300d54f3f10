import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// `checkout: { submodules: true }`, with repositories that the real git made.
    @Suite struct SubmoduleTests {
        /// A repository with a submodule that has one itself, all three beside each other.
        struct Family {
            let deep: SampleRepository
            let library: SampleRepository
            let shop: SampleRepository

            init(in scratch: Scratch) async throws {
                deep = try await SampleRepository(in: scratch, name: "deep")
                try await deep.push(["deep.txt": "deep\n"])
                library = try await SampleRepository(in: scratch, name: "library")
                try await library.push(["library.txt": "one\n"])
                try await library.addModule("../deep.git", at: "inner")
                try await library.push(to: "main")
                shop = try await SampleRepository(in: scratch)
                try await shop.push(["README.md": "Shop\n"])
                try await shop.addModule("../library.git", at: "libs/one")
            }

            /// Changes the library, and lets the shop stand at the change without pushing that.
            func change(_ text: String) async throws {
                try await library.push(["library.txt": text])
                try await shop.git(
                    fetchingModules("submodule", "update", "--remote", "--recursive", "libs/one")
                )
            }
        }

        private static let pipeline = """
            defaults: { image: "busybox:1" }
            jobs:
              deep:
                checkout: { submodules: true }
                steps:
                  - run: |
                      cat libs/one/library.txt libs/one/inner/deep.txt
                      cat libs/one/.git
                      grep -c '^' .git/modules/libs/one/modules/inner/HEAD
                      tar -cf /tmp/tree.tar . && mv /tmp/tree.tar tree.tar
                artifacts: [{ name: tree, paths: [tree.tar] }]
              flat: { steps: [{ run: test -d libs/one; test ! -e libs/one/library.txt }] }
            """

        private static let words = "one\ndeep\ngitdir: ../../.git/modules/libs/one\n1\n"

        @Test func `a server and a laptop check out the same submodules`() async throws {
            try await withServer { server, scratch in
                let family = try await Family(in: scratch)
                let repository = family.shop
                try await server.add(repository)
                let build = try await server.run(Self.pipeline, from: repository)
                #expect(build.result == "success", "\(build.jobs)")
                let setup = try await server.setup(of: build.job("deep"))
                #expect(setup.contains("Submodule libs/one/inner: commit "), "\(setup)")
                let said = try await server.log(of: build.job("deep"), step: 1)
                #expect(String(decoding: said, as: UTF8.self) == Self.words)
                try await check(try await tree(of: build, on: server, scratch))
                try await repository.git(
                    fetchingModules("submodule", "update", "--init", "--recursive")
                )
                let local = try await slipwayRun([], in: repository, scratch)
                #expect(
                    local.exitCode == 0 && output(of: local).contains(Self.words),
                    "\(local.text)"
                )
                // Dirty as it lies there.
                try Data("dirty\n".utf8).write(
                    to: repository.work.appendingPathComponent("libs/one/library.txt")
                )
                let dirty = try await slipwayRun([], in: repository, scratch)
                #expect(
                    dirty.exitCode == 0 && output(of: dirty).contains("dirty\ndeep\n"),
                    "\(dirty.text)"
                )
                try await repository.git(["submodule", "deinit", "--quiet", "--force", "--all"])
                let none = try await slipwayRun([], in: repository, scratch)
                #expect(none.exitCode == 1)
                #expect(none.text.contains("git submodule update --init"), "\(none.text)")
            }
        }

        /// The workspace of a job, as it kept it.
        private func tree(
            of build: JSON,
            on server: Server,
            _ scratch: Scratch
        ) async throws -> URL {
            let listed = try await server.api.json("/api/v1/builds/\(build.id.int ?? 0)/artifacts")
            let id = try #require(listed.items.elements.first?.id.int)
            let file = try await server.api.get("/api/v1/artifacts/\(id)/tree.tar").body
            let folder = scratch.url.appendingPathComponent("tree")
            try FileManager.default
                .createDirectory(at: folder, withIntermediateDirectories: true)
            try file.write(to: scratch.url.appendingPathComponent("tree.tar"))
            try await Command.run("tar", ["-xf", scratch.path("tree.tar"), "-C", folder.path])
                .orThrow()
            return folder
        }

        /// The real git finds every submodule there, clean and whole.
        private func check(_ tree: URL) async throws {
            func git(_ arguments: String...) async throws -> String {
                try await Command.run("git", ["-C", tree.path] + arguments).orThrow().text
            }
            #expect(try await git("status", "--porcelain").isEmpty)
            let status = try await git("submodule", "status", "--recursive")
                .split(separator: "\n")
            #expect(status.count == 2 && !status.contains { "-+U".contains($0.prefix(1)) })
            #expect(try await git("-C", "libs/one", "log", "-1", "--format=%s") == "Add inner")
            #expect(try await git("-C", "libs/one/inner", "fsck", "--strict").isEmpty)
            #expect(try await git("-C", "libs/one", "status", "--porcelain").isEmpty)
        }

        @Test func `a submodule moves only when its commit does, and outlives its remote`()
            async throws
        {
            let pipeline = """
                defaults: { image: "busybox:1" }
                jobs:
                  it: { checkout: { submodules: true }, steps: [{ run: cat libs/one/library.txt }] }
                """
            try await withServer { server, scratch in
                let family = try await Family(in: scratch)
                let repository = family.shop
                try await server.add(repository)
                var setups: [String] = []
                var texts: [String] = []
                for step in ["first", "same", "changed", "gone"] {
                    if step == "changed" { try await family.change("two\n") }
                    if step == "gone" {
                        // The commit is no branch's any more, and then not even there.
                        try await family.library.git(["checkout", "-q", "--orphan", "new"])
                        try await family.library.commit(["library.txt": "three\n"])
                        try await family.library.push(force: true)
                        try await Command.run(
                            "git",
                            ["-C", family.library.bare.path, "gc", "--quiet", "--prune=now"]
                        ).orThrow()
                    }
                    let build = try await server.run(
                        pipeline,
                        files: ["step": step],
                        from: repository
                    )
                    #expect(build.result == "success", "\(step): \(build.jobs)")
                    let job = try #require(build.jobs.elements.first)
                    setups.append(try await server.setup(of: job))
                    texts.append(
                        String(decoding: try await server.log(of: job, step: 1), as: UTF8.self)
                    )
                }
                #expect(texts == ["one\n", "one\n", "two\n", "two\n"])
                // The commit itself always travels; of submodules first two, then none, then one.
                let moved = setups.map { $0.components(separatedBy: "Fetching ").count - 1 }
                #expect(moved == [3, 1, 2, 1], "\(setups)")
            }
        }

        @Test
        func `over HTTPS they come with their host's token, and commits of no branch by name`()
            async throws
        {
            try await withScratch { scratch in
                let certificate = try await Remote.certificate(in: scratch)
                let key = scratch.path("key.pem")
                let remote = try await Remote(["http", scratch.path(), certificate, key, "sesame"])
                let repository = try await SampleRepository(in: scratch)
                try await repository.push(["README.md": "Shop\n"])
                let library = try await SampleRepository(in: scratch, name: "library")
                let first = try await library.push(["library.txt": "one\n"])
                let hidden = try await library.commit(["library.txt": "two\n"])
                try await library.git(["push", "--quiet", "origin", "HEAD:refs/hidden/two"])
                let bare = ["-C", library.bare.path, "config"]
                try await Command.run("git", bare + ["uploadpack.allowTipSHA1InWant", "true"])
                    .orThrow()
                let environment = ["GIT_SSL_CAINFO": certificate]
                try await remote.serve { port in
                    try await withServer(environment: environment) { server, _ in
                        let url = "https://sesame@localhost:\(port)/shop.git"
                        let add = ["repo", "add", "shop", url, "--poll", "1"]
                        try await server.slipway(add).orThrow()
                        try await eventually("it was fetched") {
                            try await server.api.json("/api/v1/repositories/shop").fetched_at
                                != .null
                        }
                        try await repository.stand(first, at: "one")
                        try await repository.stand(hidden, at: "two")
                        let build = try await server.run(
                            """
                            image: busybox:1
                            checkout: { submodules: true }
                            steps:
                              - run: cat one/library.txt two/library.txt; ! grep -r sesame .git/config
                            """,
                            files: [
                                ".gitmodules": """
                                [submodule "one"]
                                path = one
                                url = ../library.git
                                [submodule "two"]
                                path = two
                                url = https://localhost:\(port)/library.git

                                """
                            ],
                            from: repository
                        )
                        let job = try #require(build.jobs.elements.first)
                        #expect(build.result == "success", "\(job)")
                        let said = try await server.log(of: job, step: 1)
                        #expect(String(decoding: said, as: UTF8.self) == "one\ntwo\n")
                        #expect(try await !server.setup(of: job).contains("sesame"))
                    }
                }
            }
        }

        @Test func `many jobs at once find the same submodules`() async throws {
            try await withServer(arguments: ["--slots", "6"]) { server, scratch in
                let family = try await Family(in: scratch)
                try await server.add(family.shop)
                let build = try await server.run(
                    """
                    defaults: { image: "busybox:1" }
                    jobs:
                      it:
                        matrix: { v: ["1", "2", "3", "4", "5", "6"] }
                        checkout: { submodules: true, depth: 1 }
                        steps: [{ run: cat libs/one/inner/deep.txt }]
                    """,
                    from: family.shop
                )
                #expect(build.result == "success", "\(build.jobs)")
            }
        }

        @Test func `a submodule whose folders nobody can walk ends the job at once`() async throws {
            try await withServer { server, scratch in
                let family = try await Family(in: scratch)
                try await server.add(family.shop)
                let names = Array(repeating: "d", count: 300)
                try await family.library.push([names.joined(separator: "/") + "/f": "x\n"])
                try await family.shop.git(
                    fetchingModules("submodule", "update", "--remote", "libs/one")
                )
                let build = try await server.run(
                    "image: busybox:1\ncheckout: { submodules: true }\nsteps: [{ run: 'true' }]\n",
                    from: family.shop
                )
                let reason = build.jobs.elements.first?.reason.string ?? ""
                #expect(build.result == "failure" && reason.contains("libs/one"), "\(reason)")
            }
        }

        @Test func `a try has submodules at commits that were pushed`() async throws {
            try await withServer { server, scratch in
                let family = try await Family(in: scratch)
                let repository = family.shop
                try await server.add(repository)
                try await repository.push()
                try await repository.commit([
                    "pipelines/main.yml": """
                    image: busybox:1
                    checkout: { submodules: true }
                    steps: [{ run: grep one libs/one/library.txt }]

                    """
                ])
                let pushed = try await server.slipway(["try", "--wait"], in: repository.work)
                #expect(pushed.exitCode == 0, "\(pushed.text) \(pushed.errors)")
                let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
                let commit = ["commit", "--quiet", "--allow-empty", "-m", "Not pushed"]
                let module = ["-C", repository.work.path + "/libs/one"]
                try await Command.run("git", module + identity + commit).orThrow()
                let unpushed = try await server.slipway(["try", "--wait"], in: repository.work)
                #expect(unpushed.exitCode == 1)
                #expect(unpushed.text.contains("push it there"), "\(unpushed.text)")
            }
        }

        @Test func `what is wrong with a submodule is said, with whose fault it is`() async throws {
            let pipeline = """
                defaults: { image: "busybox:1" }
                jobs:
                  it: { checkout: { submodules: true }, steps: [{ run: "true" }] }
                """
            try await withServer { server, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await repository.push(["README.md": "Shop\n"])
                let library = try await SampleRepository(in: scratch, name: "library")
                try await library.push(["library.txt": "one\n"])
                let there = try await library.git(["rev-parse", "HEAD"])
                let missing = String(repeating: "a1", count: 20)
                try await server.add(repository)
                let secret = try await SampleRepository(in: scratch, name: "folder/secret")
                let cases = [
                    ("../library.git", missing, "failure", "the commit \(missing) is not there"),
                    ("../nothing.git", missing, "failure", "there is no repository at"),
                    (secret.bare.path, there, "failure", "does not lie beside"),
                    ("../folder/secret.git", there, "failure", "does not lie beside"),
                    ("ext::sh -c id", there, "failure", "cannot be used"),
                    ("http://127.0.0.1:1/x.git", there, "failure", "is on the server itself"),
                    ("https://t0ken@127.0.0.1:1/x.git", there, "exception", "cannot be fetched"),
                ]
                for (url, sha, result, words) in cases {
                    try await repository.stand(sha, at: "sub")
                    let modules = "[submodule \"sub\"]\n\tpath = sub\n\turl = \(url)\n"
                    let build = try await server.run(
                        pipeline,
                        files: [".gitmodules": modules],
                        from: repository
                    )
                    let reason = build.jobs.elements.first?.reason.string ?? ""
                    #expect(build.result.string == result, "\(url): \(reason)")
                    #expect(reason.contains(words) && reason.contains("'sub'"), "\(url): \(reason)")
                    #expect(!reason.contains("t0ken"))
                }
            }
        }
    }
}

extension Server {
    /// What the setup of a job wrote.
    fileprivate func setup(of job: JSON) async throws -> String {
        String(decoding: try await log(of: job, step: 0), as: UTF8.self)
    }
}

extension SampleRepository {
    /// Lets a submodule stand at a commit, there or not.
    fileprivate func stand(_ sha: String, at path: String) async throws {
        // An empty folder is one that was not checked out: `git add` leaves it.
        try FileManager.default.createDirectory(
            at: work.appendingPathComponent(path),
            withIntermediateDirectories: true
        )
        try await git(["update-index", "--add", "--cacheinfo", "160000,\(sha),\(path)"])
    }
}

/// What the steps of a local run wrote, without whose lines they are.
private func output(of run: Command) -> String {
    run.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { line in
            line.firstRange(of: " | ").map { String(line[$0.upperBound...]) } ?? String(line)
        }
        .joined(separator: "\n") + "\n"
}
