import Core
import Crypto
import Foundation
import JobRunner
import Testing

@Suite(.timeLimit(.minutes(2))) struct JobRunTests {
    @Test func `a job's steps run in order in one workspace`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let events = Events()
            let (berth, outcome) = try await fixture.run(
                [.run("cat hello; echo second >more"), .run("pwd; cat more; ls /run/ci/2.run")],
                source: TestSource(files: ["hello": "hello\n"]),
                events
            )
            #expect(outcome.result == .success)
            #expect(outcome.reason == nil)
            #expect(outcome.steps.map(\.result) == [.success, .success, .success])
            #expect(try berth.text(of: 1) == "hello\n")
            #expect(try berth.text(of: 2) == "/workspace\nsecond\n/run/ci/2.run\n")
            #expect(try berth.text(of: 0).contains("Source: 1 files."))
            #expect(events.started == [0, 1, 2])
            #expect(events.length(of: 1) == 6)
            await fixture.runner.release(berth)
            #expect(try await fixture.containers().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: berth.workspace))
        }
    }

    @Test func `output is kept byte by byte`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = "printf '\\377\\376A\\000B\\r\\ncaf\\351\\n'; printf 'x\\ry' >&2"
            let (berth, outcome) = try await fixture.run([.run(script)])
            let bytes = [0xFF, 0xFE, 0x41, 0, 0x42, 13, 10] + Array("caf".utf8) + [0xE9, 10]
            let expected = bytes + Array("x\ry".utf8)
            #expect(try berth.bytes(of: 1) == expected)
            #expect(outcome.steps[1].logLength == expected.count)
            let digest = SHA256.hash(data: expected).map { String(format: "%02x", $0) }.joined()
            #expect(outcome.steps[1].logDigest == digest)
        }
    }

    @Test func `values reach the step as they are`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let value = "a'b\"c$(id)`id`\\\nü\u{1F6A2} \t*"
            let (berth, _) = try await fixture.run([
                .run("printf %s \"$VALUE\"; printf %s \"$CI\"", environment: ["VALUE": value])
            ])
            #expect(try berth.text(of: 1) == value + "true")
        }
    }

    @Test(
        "a variable no shell could hold fails its step",
        arguments: ["1A", "A-B", "", "Ä", "A\nB"]
    )
    func badNames(name: String) async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([.run("true", environment: [name: "x"])])
            #expect(outcome.result == .failure)
            #expect(outcome.steps[1].reason?.contains("cannot name a variable") == true)
        }
    }

    @Test func `an exit code fails the step and decides what follows`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                .run("echo no; exit 3", allowFailure: true),
                .run("false\necho unreached"),
                .run("true"),
                .run("echo cleanup", if: .always),
                .run("echo report", if: .failure),
            ])
            #expect(outcome.result == .failure)
            #expect(outcome.reason == "step: exit code 1")
            let results = outcome.steps.dropFirst().map(\.result)
            #expect(results == [.warnings, .failure, .skipped, .success, .success])
            #expect(outcome.steps[1].exitCode == 3)
            #expect(try berth.text(of: 2).isEmpty)
            #expect(try berth.text(of: 4) == "cleanup\n")
        }
    }

    @Test func `a step's standard input is empty and the FIFO is out of its reach`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                .run("wc -c; ls /proc/self/fd | wc -l"), .run("echo next"),
            ])
            #expect(outcome.result == .success)
            // Three standard streams and the folder `ls` reads.
            #expect(try berth.text(of: 1) == "0\n4\n")
        }
    }

    @Test func `a process left behind neither blocks nor adds to the log`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                .run("(while :; do echo more; sleep 0.01; done) & echo done"),
                .run("sleep 0.2"),
            ])
            #expect(outcome.result == .success)
            let text = try berth.text(of: 1)
            #expect(text.contains("done\n"))
            #expect(try berth.log(of: 1).length() == outcome.steps[1].logLength)
        }
    }

    @Test func `each image has its own container in the same workspace`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let debian = ImageSource.reference("debian:bookworm-slim")
            let (berth, outcome) = try await fixture.run([
                .run("echo one >file; touch /only-here"),
                .run("cat file; cat /etc/debian_version | cut -c1-3", image: debian),
                .run("ls /only-here"),
            ])
            #expect(outcome.result == .success)
            #expect(try berth.text(of: 2) == "one\n12.\n")
            #expect(try await fixture.containers().count == 2)
        }
    }

    @Test func `a built-in step is handed over with its own log`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let actions = TestActions(answer: Verdict(.failure, "the channel is frozen"))
            let promote = StepSpec(
                name: "go",
                action: .promote(unit: nil, channel: Template(constant: "dev"))
            )
            let (berth, outcome) = try await fixture.run([promote], actions: actions)
            #expect(actions.all == ["1 promote"])
            #expect(outcome.result == .failure)
            #expect(outcome.reason == "go: the channel is frozen")
            #expect(try berth.text(of: 1) == "Asked for promote.\nthe channel is frozen\n")
            #expect(try await fixture.containers().isEmpty)
        }
    }
}
