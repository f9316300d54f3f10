import Docker
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct DockerFailureTests {
    @Test func `an engine that is not there is named as such`() async throws {
        let engine = DockerEngine(host: "unix:///nowhere/docker.sock")
        let error = await #expect(throws: DockerError.self) { try await engine.ping() }
        #expect(error?.code == .engineUnavailable)
        #expect(error?.excerpt.contains("/nowhere/docker.sock") == true)
    }

    @Test func `a machine without docker is told to install it`() async throws {
        let engine = DockerEngine(executable: "no-such-docker")
        let error = await #expect(throws: DockerError.self) { try await engine.ping() }
        #expect(error?.code == .engineUnavailable)
        #expect(error?.message.contains("install Docker") == true)
    }

    @Test func `a registry that cannot be reached is not a missing image`() async throws {
        let image = try ImageReference("localhost:1/nothing:1")
        let heard = Heard()
        let error = await #expect(throws: DockerError.self) {
            try await DockerEngine().pull(image, to: heard.hear)
        }
        #expect(error?.code == .registryUnavailable)
        #expect(heard.text.contains("connection refused"))
    }

    @Test func `a missing image is found missing before anything is made of it`() async throws {
        let image = try ImageReference("slipway-test/no-such-image:1")
        #expect(try await DockerEngine().imageID(image) == nil)
        let error = await #expect(throws: DockerError.self) {
            try await DockerEngine().create(ContainerSpec(name: "slipway-test-x", image: image))
        }
        #expect(error?.code == .imageNotFound)
    }

    @Test(
        "docker's words become a code",
        arguments: [
            ("manifest for a/b:1 not found: manifest unknown", DockerError.Code.imageNotFound),
            ("pull access denied for a/b, repository does not exist", .imageNotFound),
            ("toomanyrequests: You have reached your pull rate limit", .registryUnavailable),
            ("Get https://r/v2/: net/http: TLS handshake timeout", .registryUnavailable),
            ("permission denied while trying to connect to the socket", .engineUnavailable),
            ("Error: No such container: x", .notFound),
            ("something new", .other),
        ]
    )
    func codes(words: String, code: DockerError.Code) async throws {
        try await DockerFixture.scoped { fixture in
            let engine = try fixture.script("echo '\(words)' >&2; exit 1")
            let error = await #expect(throws: DockerError.self) { try await engine.ping() }
            #expect(error?.code == code)
            #expect(error?.excerpt == words)
        }
    }

    @Test func `a call that hangs is killed with all its processes`() async throws {
        try await DockerFixture.scoped { fixture in
            let file = "\(fixture.folder)/pid"
            let engine = try fixture.script("trap '' TERM; sleep 600 & echo $! >\(file); wait")
            let error = await #expect(throws: DockerError.self) {
                try await engine.execute(["x"], in: "y", within: .milliseconds(500))
            }
            #expect(error?.code == .timedOut)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let child = try #require(Int32(text.dropLast()))
            try await eventually { isGone(child) }
        }
    }

    @Test func `a call that writes without end is killed`() async throws {
        try await DockerFixture.scoped { fixture in
            let engine = try fixture.script("exec yes")
            let error = await #expect(throws: DockerError.self) { try await engine.ping() }
            #expect(error?.code == .outputTooLong)
            let heard = Heard()
            let image = try ImageReference("x")
            let second = await #expect(throws: DockerError.self) {
                try await engine.pull(image, to: heard.hear)
            }
            #expect(second?.code == .outputTooLong)
            #expect(heard.count <= DockerEngine.progressMax)
        }
    }

    @Test func `a long answer is heard to its last byte`() async throws {
        try await DockerFixture.scoped { fixture in
            let engine = try fixture.script("head -c 8000000 /dev/zero; echo end")
            let heard = Heard()
            try await engine.pull(try ImageReference("x"), to: heard.hear)
            #expect(heard.count == 8_000_004)
        }
    }

    @Test func `a cancelled call ends as cancelled`() async throws {
        try await DockerFixture.scoped { fixture in
            let engine = try fixture.script("sleep 600")
            await withTaskGroup { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await engine.ping() }
                }
                group.cancelAll()
            }
        }
    }

    @Test(
        "values that could leave their argument are refused",
        arguments: [
            Mount.bind(source: "relative", target: "/x"),
            .bind(source: "/a/../b", target: "/x"),
            .bind(source: "/a\u{0}b", target: "/x"),
            .bind(source: "/a\nb", target: "/x"),
            .volume(name: "-v", target: "/x"),
            .tmpfs(target: "/x:exec", size: 1),
        ]
    )
    func refusals(mount: Mount) async throws {
        try await DockerFixture.scoped { fixture in
            let spec = try fixture.spec(["true"], mounts: [mount])
            let error = await #expect(throws: DockerError.self) {
                try await fixture.engine.create(spec)
            }
            #expect(error?.code == .refused)
        }
    }
}
