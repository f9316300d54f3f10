import Docker
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct DockerEngineTests {
    @Test func `the engine says who it is`() async throws {
        let identity = try await DockerEngine().ping()
        #expect(!identity.id.isEmpty)
        #expect(!identity.version.isEmpty)
    }

    @Test func `a container lives through create, start, exec, kill and remove`() async throws {
        try await DockerFixture.scoped { fixture in
            let engine = fixture.engine
            let spec = try fixture.spec(["sleep", "100"])
            let id = try await engine.create(spec)
            #expect(try await engine.inspect(id)?.status == .created)
            try await engine.start(id)
            #expect(try await engine.inspect(spec.name)?.isRunning == true)
            let said = try await engine.execute(["echo", "hi"], in: id, within: .seconds(20))
            #expect(said == "hi")
            try await engine.kill(id)
            let state = try #require(try await engine.inspect(id))
            #expect(state.status == .exited)
            #expect(state.exitCode == 137)
            #expect(!state.hasRunOutOfMemory)
            #expect(try await fixture.list(.container).map(\.id) == [id])
            try await engine.remove(id)
            #expect(try await engine.inspect(id) == nil)
            try await engine.remove(id)
        }
    }

    @Test func `a container gets the limits and no rights`() async throws {
        try await DockerFixture.scoped { fixture in
            let script = """
                grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t' >/out/seen
                ulimit -n >>/out/seen
                touch /in/x 2>>/out/seen
                cat /out/seen
                """
            let output = "\(fixture.folder)/a,\"b"
            try FileManager.default.createDirectory(
                atPath: output,
                withIntermediateDirectories: true
            )
            let spec = try fixture.spec(
                ["sh", "-c", script],
                mounts: [
                    .bind(source: output, target: "/out"),
                    .bind(source: output, target: "/in", isReadOnly: true),
                    .tmpfs(target: "/memory", size: 1 << 20),
                ]
            )
            let id = try await fixture.engine.launch(spec)
            let file = "\(output)/seen"
            try await eventually {
                let text = try? String(contentsOfFile: file, encoding: .utf8)
                return text?.hasSuffix("Read-only file system\n") == true
            }
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            #expect(lines[0] == "CapEff:00000000000000cb")
            #expect(lines[1] == "NoNewPrivs:1")
            #expect(lines[2] == "Seccomp:2")
            #expect(lines[3] == "4096")
            try await fixture.engine.remove(id)
        }
    }

    @Test func `files are copied in and out`() async throws {
        try await DockerFixture.scoped { fixture in
            let id = try await fixture.engine.create(try fixture.spec(["true"]))
            let file = "\(fixture.folder)/in"
            try Data([0xFF, 0x00, 0x0D]).write(to: URL(filePath: file))
            try await fixture.engine.copy(from: file, to: "/tmp/x", of: id)
            let copy = "\(fixture.folder)/out"
            try await fixture.engine.copy("/tmp/x", of: id, to: copy)
            #expect(try Data(contentsOf: URL(filePath: copy)) == Data([0xFF, 0x00, 0x0D]))
        }
    }

    @Test func `volumes and networks are made, found by label and removed`() async throws {
        try await DockerFixture.scoped { fixture in
            let name = "slipway-test-\(fixture.id)"
            try await fixture.engine.createVolume(name, labels: fixture.labels)
            try await fixture.engine.createNetwork(name, labels: fixture.labels)
            for kind in [LabelledKind.volume, .network] {
                let found = try await fixture.list(kind)
                #expect(found.map(\.value) == [fixture.id])
                for object in found { try await fixture.engine.remove(object) }
                for object in found { try await fixture.engine.remove(object) }
                #expect(try await fixture.list(kind).isEmpty)
            }
        }
    }

    @Test func `an image is built upon one that is only here`() async throws {
        try await DockerFixture.scoped { fixture in
            let dockerfile = "FROM busybox:1\nRUN echo built-\(fixture.id)\n"
            try Data(dockerfile.utf8).write(to: URL(filePath: "\(fixture.folder)/Dockerfile"))
            let image = try ImageReference("slipway-test/\(fixture.id):1")
            let heard = Heard()
            try await fixture.engine.build(fixture.folder, tag: image, to: heard.hear)
            #expect(heard.text.contains("built-\(fixture.id)"))
            #expect(try await fixture.engine.imageID(image)?.hasPrefix("sha256:") == true)
            let second = try ImageReference("slipway-test/\(fixture.id):2")
            try await fixture.engine.tag(image, as: second)
            try await fixture.engine.removeImage(image)
            #expect(try await fixture.engine.imageID(image) == nil)
            #expect(try await fixture.engine.imageID(second) != nil)
            try await fixture.engine.removeImage(second)
            try await fixture.engine.removeImage(second)
        }
    }

    @Test func `a broken Dockerfile says so in docker's words`() async throws {
        try await DockerFixture.scoped { fixture in
            let dockerfile = "FROM busybox:1\nRUN exit 7\n"
            try Data(dockerfile.utf8).write(to: URL(filePath: "\(fixture.folder)/Dockerfile"))
            let image = try ImageReference("slipway-test/\(fixture.id):1")
            let heard = Heard()
            let error = await #expect(throws: DockerError.self) {
                try await fixture.engine.build(fixture.folder, tag: image, to: heard.hear)
            }
            #expect(error?.code == .other)
            #expect(error?.excerpt.contains("non-zero code: 7") == true)
        }
    }
}
