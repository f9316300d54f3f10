import Core
import Docker
import Foundation
import JobRunner
import TestSupport
import Testing

/// Plug-ins whose image has no shell, so that the container's main process is their program.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ProgramTests {
    /// An image without `/bin/sh` whose program is a script all the same.
    private func source(_ script: String) -> TestSource {
        let text = """
            FROM busybox:1
            RUN ["/bin/busybox", "rm", "-f", "/bin/sh"]
            COPY program /program
            ENTRYPOINT ["/bin/busybox", "sh", "/program"]

            """
        return TestSource(files: [
            "containers/bare/Dockerfile": text, "containers/bare/program": script,
        ])
    }

    private func step(_ secrets: [SecretRequest] = []) -> StepSpec {
        var step = StepSpec(name: "plug", action: .plugin, image: .folder("bare"))
        step.secrets = secrets
        return step
    }

    @Test func `what a program writes is in the log, byte by byte`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = "printf 'a\\000\\377\\r\\n'; head -c 10000 /dev/zero; echo; printf b\n"
            let (berth, outcome) = try await fixture.run([step()], source: source(script))
            #expect(outcome.result == .success, "\(outcome)")
            let zeroes = [UInt8](repeating: 0, count: 10_000)
            let isWhole =
                try berth.bytes(of: 1) == [0x61, 0, 0xFF, 0x0D, 0x0A] + zeroes + Array("\nb".utf8)
            #expect(isWhole)
            #expect(outcome.steps[1].logGap == nil)
        }
    }

    @Test func `where the engine may have lost a newline the log says so`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = "head -c 20000 /dev/zero | tr '\\0' x; echo; echo end\n"
            let (berth, outcome) = try await fixture.run([step()], source: source(script))
            #expect(outcome.result == .success)
            let text = try berth.text(of: 1).replacing("\n", with: "")
            #expect(text == String(repeating: "x", count: 20_000) + "end")
            #expect(outcome.steps[1].logGap?.contains("pieces of 16384 bytes") == true)
        }
    }

    @Test func `secrets are files in memory, which the engine does not show`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = """
                exec 2>/dev/null; cat $TOKEN; echo " in $TOKEN"; ls -l $TOKEN | cut -c1-10
                echo >/run/secrets/new || echo "cannot be written"
                : >/workspace/begun; while [ ! -e /workspace/go ]; do sleep 0.05; done
                """
            let request = SecretRequest(variable: "TOKEN", from: "word", form: .file)
            let berth = try fixture.runner.moor(.of([step([request])]))
            async let running = fixture.run(
                berth,
                source: source(script),
                secrets: ["word": "long enough"]
            )
            let begun = "\(berth.workspace)/begun"
            try await eventually { FileManager.default.fileExists(atPath: begun) }
            let name = try #require(berth.containerNames.last)
            let shown = try await Command.run("docker", ["inspect", name]).text
            #expect(shown.contains("/run/secrets"))
            #expect(!shown.contains("long enough"))
            #expect(try !onDisk("long enough", below: fixture.root))
            let kept = "/dev/shm/slipway-\(fixture.runner.instance)"
            #expect(FileManager.default.fileExists(atPath: kept))
            #expect(FileManager.default.createFile(atPath: "\(berth.workspace)/go", contents: nil))
            #expect(try await running.result == .success)
            let text = try berth.text(of: 1)
            #expect(text.hasPrefix("*********** in /run/secrets/TOKEN\n-rw-------\n"), "\(text)")
            #expect(text.hasSuffix("cannot be written\n"), "\(text)")
            await fixture.runner.release(berth)
            #expect(!FileManager.default.fileExists(atPath: kept))
        }
    }

    @Test func `a secret in a variable is refused, and what to write is said`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let request = SecretRequest(variable: "TOKEN", from: "word")
            let berth = try fixture.runner.moor(.of([step([request])]))
            let outcome = try await fixture.run(
                berth,
                source: source("true"),
                secrets: ["word": "long enough"]
            )
            #expect(outcome.result == .failure)
            let reason = try #require(outcome.reason)
            #expect(reason.contains("TOKEN of the step plug is a secret in a variable"))
            #expect(reason.contains("write 'as: file', or use an image with a shell"))
        }
    }

    @Test func `a program that writes more than it may is ended`() async throws {
        var settings = JobRunnerSettings.quick
        settings.run.logBytesMax = 100_000
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let (berth, outcome) = try await fixture.run(
                [step()],
                source: source("while :; do echo more and more; done")
            )
            #expect(outcome.result == .failure)
            #expect(outcome.reason == "plug: the step wrote more than 100000 bytes")
            #expect(try berth.bytes(of: 1).count == 100_000)
            #expect(outcome.steps[1].logGap?.contains("its limit") == true)
        }
    }

    private func onDisk(_ text: String, below root: String) throws -> Bool {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root)
        return paths.contains { path in
            let bytes = FileManager.default.contents(atPath: "\(root)/\(path)") ?? Data()
            // The log has it until somebody reads it from there.
            return !path.hasSuffix(".out") && bytes.range(of: Data(text.utf8)) != nil
        }
    }
}
