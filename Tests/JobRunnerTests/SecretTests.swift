import Core
import Docker
import Foundation
import JobRunner
import TestSupport
import Testing

/// What steps know and nobody else may.
@Suite(.serialized) struct SecretTests {
    private static let key = "-----BEGIN-----\nline one of it\nit's \"2\" $(x)\n-----END-----\n"
    private static let word = "hunter2-is-long"

    private func step(_ script: String, retry: RetryRule? = nil) -> StepSpec {
        var step = StepSpec.run(script)
        step.secrets = [
            SecretRequest(variable: "WORD", from: "word"),
            SecretRequest(variable: "KEY", from: "key", form: .file),
        ]
        step.retry = retry
        return step
    }

    private func run(
        _ steps: [StepSpec],
        secrets: [String: String] = ["word": word, "key": key],
        _ events: Events = Events(),
        in fixture: JobRunnerFixture
    ) async throws -> (berth: Berth, outcome: JobOutcome) {
        let berth = try fixture.runner.moor(.of(steps))
        let outcome = try await fixture.run(berth, secrets: secrets, events)
        return (berth, outcome)
    }

    @Test func `a step gets its secrets as a variable and as a file`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = """
                test "$(printf %s "$WORD" | wc -c)" = \(Self.word.utf8.count)
                test "$(wc -c <"$KEY")" = \(Self.key.utf8.count); sed -n 3p "$KEY" | tr a-z A-Z
                ls -l "$KEY" | cut -c1-10
                """
            let (berth, outcome) = try await run(
                [
                    step(script), .run("echo ${WORD-none} ${KEY-none}; cat /dev/shm/* | wc -c"),
                ],
                in: fixture
            )
            #expect(outcome.result == .success, "\(outcome)")
            #expect(try berth.text(of: 1) == "IT'S \"2\" $(X)\n-rw-------\n")
            #expect(try berth.text(of: 2) == "none none\n0\n")
        }
    }

    @Test func `a secret is in no log, output or summary, however it is written`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = """
                echo "<$WORD>"; cat "$KEY"; echo
                for i in 1 2 3; do
                    printf %s "$WORD" | cut -c1-6 | tr -d '\\n'; sleep 0.3
                    printf %s "$WORD" | cut -c7-; done
                echo "out=$WORD" >>$CI_OUTPUT; cat "$KEY" >$CI_SUMMARY
                """
            let events = Events()
            let (berth, outcome) = try await run([step(script)], events, in: fixture)
            #expect(outcome.result == .success, "\(outcome)")
            let text = try berth.text(of: 1)
            for line in Self.key.split(separator: "\n") + [Self.word[...]] {
                #expect(!text.contains(line))
            }
            #expect(text.hasPrefix("<***************>\n"))
            #expect(text.utf8.count == outcome.steps[1].logLength)
            #expect(outcome.outputs["out"] == "***************")
            #expect(outcome.summary?.contains("line one") == false)
            // What was told while it ran stays true: a half-written secret was held back.
            #expect(events.length(of: 1) == text.utf8.count)
        }
    }

    @Test func `a secret is in nothing that the engine or the disk shows while a step runs`()
        async throws
    {
        try await JobRunnerFixture.scoped { fixture in
            let events = Events()
            let berth = try fixture.runner.moor(.of([step("echo begun; sleep 300")]))
            async let ended = fixture.run(
                berth,
                secrets: ["word": Self.word, "key": Self.key],
                events
            )
            try await eventually { events.length(of: 1) > 0 }
            let container = try #require(try await fixture.containers().first)
            let shown = try await Command.run("docker", ["inspect", container.id]).text
            #expect(!shown.contains(Self.word) && !shown.contains("line one"))
            let script = "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"
            let processes = try await Command.run("sh", ["-c", script]).text
            #expect(!processes.contains(Self.word))
            let search = ["-rlD", "skip", Self.word, fixture.root]
            let found = try await Command.run("grep", search).text
            #expect(found.isEmpty)
            try fixture.runner.cancel(berth)
            #expect(try await ended.result == .cancelled)
        }
    }

    @Test func `every try of a step gets them`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let script = "echo x >>tries; test -n \"$WORD\"; test $(wc -l <tries) = 2"
            let (_, outcome) = try await run(
                [step(script, retry: RetryRule(max: 1))],
                in: fixture
            )
            #expect(outcome.result == .success, "\(outcome)")
        }
    }

    @Test func `a secret that nobody knows fails the job before its first step`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await run(
                [step("echo never")],
                secrets: ["word": "x"],
                in: fixture
            )
            #expect(outcome.result == .failure)
            #expect(outcome.reason?.contains("nobody knows the secret key") == true)
            #expect(outcome.steps[1].result == .skipped)
            #expect(try berth.text(of: 0).contains("nobody knows"))
        }
    }

    @Test func `one too short to be hidden is named`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await run(
                [step("true")],
                secrets: ["word": "abc", "key": Self.key],
                in: fixture
            )
            #expect(outcome.result == .success)
            #expect(try berth.text(of: 0).contains("secret word is too short to be hidden"))
        }
    }
}
