import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// Repositories that are not on this machine, as far as Slipway can tell.
    @Suite struct RemoteTests {
        private static let pipeline = "image: busybox:1\nsteps: [{ run: \"cat hello.txt\" }]\n"

        @Test func `a repository over SSH is fetched with the key of the user`() async throws {
            try await withScratch { scratch in
                try await Remote.key("host", in: scratch)
                try await Remote.key("home/.ssh/id_ed25519", in: scratch)
                let key = scratch.path("home/.ssh/id_ed25519.pub")
                let remote = try await Remote(["ssh", scratch.path(), key, scratch.path("host")])
                try await remote.serve { port in
                    let host = try String(contentsOfFile: scratch.path("host.pub"), encoding: .utf8)
                    try scratch.write("[127.0.0.1]:\(port) \(host)", to: "home/.ssh/known_hosts")
                    let url = "ssh://git@127.0.0.1:\(port)/shop.git"
                    try await build(from: url, in: scratch)
                }
            }
        }

        @Test func `an SSH server that is not known is refused, with what to do`() async throws {
            try await withScratch { scratch in
                try await Remote.key("host", in: scratch)
                try await Remote.key("home/.ssh/id_ed25519", in: scratch)
                let key = scratch.path("home/.ssh/id_ed25519.pub")
                let remote = try await Remote(["ssh", scratch.path(), key, scratch.path("host")])
                try await remote.serve { port in
                    try scratch.write("", to: "home/.ssh/known_hosts")
                    let url = "ssh://git@127.0.0.1:\(port)/shop.git"
                    let error = try await fetchError(url, scratch)
                    #expect(error.contains("known_hosts"), "\(error)")
                }
            }
        }

        @Test func `an SSH server that takes none of the keys says which to let in`() async throws {
            try await withScratch { scratch in
                try await Remote.key("host", in: scratch)
                try await Remote.key("home/.ssh/id_ed25519", in: scratch)
                try await Remote.key("another", in: scratch)
                let key = scratch.path("another.pub")
                let remote = try await Remote(["ssh", scratch.path(), key, scratch.path("host")])
                try await remote.serve { port in
                    let host = try String(contentsOfFile: scratch.path("host.pub"), encoding: .utf8)
                    try scratch.write("[127.0.0.1]:\(port) \(host)", to: "home/.ssh/known_hosts")
                    let url = "ssh://git@127.0.0.1:\(port)/shop.git"
                    let error = try await fetchError(url, scratch)
                    #expect(error.contains("id_ed25519.pub"), "\(error)")
                }
            }
        }

        @Test func `a repository over HTTP is fetched, and again after a push`() async throws {
            try await withScratch { scratch in
                let remote = try await Remote(["http", scratch.path()])
                try await remote.serve { port in
                    try await build(from: "http://127.0.0.1:\(port)/shop.git", in: scratch)
                }
            }
        }

        @Test func `a repository over HTTPS is fetched with its token from an authority one names`()
            async throws
        {
            try await withScratch { scratch in
                let certificate = try await Remote.certificate(in: scratch)
                let remote = try await Remote(
                    ["http", scratch.path(), certificate, scratch.path("key.pem"), "sesame"]
                )
                try await remote.serve { port in
                    let url = "https://sesame@localhost:\(port)/shop.git"
                    let trust = ["GIT_SSL_CAINFO": certificate]
                    try await build(from: url, in: scratch, environment: trust)
                }
            }
        }

        @Test func `an HTTPS server of an authority nobody trusts is refused, with what to do`()
            async throws
        {
            try await withScratch { scratch in
                let certificate = try await Remote.certificate(in: scratch)
                let key = scratch.path("key.pem")
                let remote = try await Remote(["http", scratch.path(), certificate, key])
                try await remote.serve { port in
                    let url = "https://sesame@localhost:\(port)/shop.git"
                    let error = try await fetchError(url, scratch)
                    #expect(error.contains("GIT_SSL_CAINFO"), "\(error)")
                    #expect(!error.contains("sesame"), "\(error)")
                }
            }
        }

        @Test func `a pull request from a fork on Bitbucket's cloud is built from the fork`()
            async throws
        {
            try await withScratch { scratch in
                let repository = try await SampleRepository(in: scratch, name: "acme/shop")
                let pipeline = "on: { pull_request: {} }\n" + Self.pipeline
                try await repository.push(
                    ["pipelines/main.yml": pipeline, "hello.txt": "ahoy\n"]
                )
                let fork = scratch.url.appendingPathComponent("grace/shop-fork.git")
                let clone = ["clone", "--quiet", "--bare", repository.bare.path, fork.path]
                try await Command.run("git", clone).orThrow()
                try await repository.commit(["hello.txt": "from the fork\n"])
                try await repository.git(
                    ["push", "--quiet", fork.path, "HEAD:refs/heads/dozen"]
                )
                let remote = try await Remote(["http", scratch.path()])
                try await remote.serve { port in
                    let url = "http://127.0.0.1:\(port)/acme/shop.git"
                    try await withServer { server, _ in
                        try await server.slipway(["repo", "add", "shop", url]).orThrow()
                        let answer = try await server.deliver(
                            "bitbucket-cloud-pull-request-fork.json",
                            event: "pullrequest:created",
                            to: "bitbucket/shop"
                        )
                        #expect(answer == 202)
                        let build = try await eventually("its build") {
                            try await server.api.json("/api/v1/builds").items.elements.first
                        }
                        let id = build.id.int ?? 0
                        try await server.slipway(["build", "approve", "\(id)"]).orThrow()
                        try await eventually("its end") {
                            let build = try await server.api.json("/api/v1/builds/\(id)")
                            return build.result.string == "success"
                        }
                        let ended = try await server.api.json("/api/v1/builds/\(id)")
                        let log = try await server.log(of: ended.jobs.elements[0], step: 1)
                        #expect(String(decoding: log, as: UTF8.self) == "from the fork\n")
                    }
                }
            }
        }

        /// Adds the repository at the URL, pushes twice, and sees both commits built.
        private func build(
            from url: String,
            in scratch: Scratch,
            environment: [String: String] = [:]
        ) async throws {
            let repository = try await SampleRepository(in: scratch)
            try await repository.push(["README.md": "Shop\n"])
            let home = environment.merging(["HOME": scratch.path("home")]) { ours, _ in ours }
            try await withServer(environment: home) { server, _ in
                let command = ["repo", "add", "shop", url, "--poll", "1"]
                try await server.slipway(command).orThrow()
                try await eventually("it was fetched") {
                    let row = try await server.api.json("/api/v1/repositories/shop")
                    return row.fetched_at != .null || row.fetch_error != .null
                }
                let row = try await server.api.json("/api/v1/repositories/shop")
                try #require(row.fetch_error == .null, "\(row)")
                #expect(row.url.string?.contains("sesame") == false)
                for greeting in ["ahoy", "hello"] {
                    let build = try await server.run(
                        Self.pipeline,
                        files: ["hello.txt": "\(greeting)\n"],
                        from: repository
                    )
                    #expect(build.result == "success", "\(build)")
                    let log = try await server.log(of: build.jobs.elements[0], step: 1)
                    #expect(String(decoding: log, as: UTF8.self) == "\(greeting)\n")
                }
            }
        }

        /// What the page of a repository at the URL says about its fetch.
        private func fetchError(_ url: String, _ scratch: Scratch) async throws -> String {
            _ = try await SampleRepository(in: scratch)
            return try await withServer(environment: ["HOME": scratch.path("home")]) { server, _ in
                _ = try await server.slipway(["repo", "add", "shop", url])
                return try await eventually("its error is told") {
                    try await server.api.json("/api/v1/repositories/shop").fetch_error.string
                }
            }
        }
    }
}

extension Server {
    /// Delivers what a forge of Bitbucket's kind would, signed with the hook's secret.
    ///
    /// - Returns: The status of the answer.
    fileprivate func deliver(
        _ file: String,
        event: String,
        to place: String
    ) async throws -> Int {
        let tests = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
        let body = tests.appendingPathComponent("WireTests/Deliveries/\(file)").path
        let hook = try await slipway("repo", "hook", "shop", "--json").orThrow().output
        let secret = try JSON(hook).secret.string ?? ""
        let command = ["dgst", "-sha256", "-hmac", secret, "-r", body]
        let digest = try await Command.run("openssl", command).orThrow().text.prefix(64)
        let answer = try await api.send(
            "POST",
            "/hooks/\(place)",
            headers: ["X-Event-Key": event, "X-Hub-Signature": "sha256=\(digest)"],
            body: Data(contentsOf: URL(fileURLWithPath: body))
        )
        return answer.status
    }
}

/// A Git server of the loopback that ends with its test.
struct Remote {
    private let arguments: [String]

    init(_ arguments: [String]) async throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        self.arguments = [tests.appendingPathComponent("remotes.py").path] + arguments
    }

    /// Runs the body with the port it listens on.
    func serve(_ body: (Int) async throws -> Void) async throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        try await withScratch { scratch in
            let output = try scratch.write("", to: "port")
            let process = try ChildProcess(
                root.appendingPathComponent(".build/remotes/bin/python").path,
                arguments,
                output: output,
                errors: output
            )
            defer { process.signal(SIGKILL) }
            let port = try await eventually("the remote listens") {
                let text = try String(contentsOf: output, encoding: .utf8)
                if process.exitCode != nil { throw NeverHappened(description: text) }
                return Int(text.split(separator: "\n").first ?? "")
            }
            try await body(port)
        }
    }

    /// Makes a certificate of the loopback that is its own authority, and `key.pem` beside it.
    static func certificate(in scratch: Scratch) async throws -> String {
        let certificate = scratch.path("certificate.pem")
        let arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", scratch.path("key.pem"),
            "-out", certificate,
        ]
        try await Command.run("openssl", arguments).orThrow()
        return certificate
    }

    /// Makes a key pair without a passphrase, by OpenSSH's own program.
    static func key(_ name: String, in scratch: Scratch) async throws {
        let file = URL(fileURLWithPath: scratch.path(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try await Command.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file.path])
            .orThrow()
    }
}
