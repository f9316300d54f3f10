import Core
import Docker
import Foundation
import JobRunner
import Testing

@Suite(.timeLimit(.minutes(2))) struct HostileStepTests {
    @Test func `a step that ignores TERM is killed, and a later one gets a fresh container`()
        async throws
    {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                .run(
                    "trap '' TERM; echo begun; touch /mark; while :; do sleep 1; done",
                    timeout: 1
                ),
                .run("ls /mark; echo cleanup", if: .always),
            ])
            #expect(outcome.result == .failure)
            #expect(outcome.reason == "step: timed out after 1s")
            #expect(outcome.steps[1].exitCode == nil)
            #expect(try berth.text(of: 1) == "begun\n")
            #expect(try berth.text(of: 2).hasPrefix("ls: /mark: No such file"))
            #expect(try await fixture.containers().count == 1)
        }
    }

    @Test func `a step that minds TERM may say goodbye`() async throws {
        var settings = JobRunnerSettings.quick
        settings.run.grace = 20
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let (berth, outcome) = try await fixture.run([
                .run("trap 'echo bye; exit 5' TERM; while :; do sleep 0.1; done", timeout: 1)
            ])
            #expect(outcome.result == .failure)
            #expect(outcome.steps[1].exitCode == 5)
            #expect(try berth.text(of: 1).hasSuffix("bye\n"))
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `a fork bomb stays in its container`() async throws {
        var settings = JobRunnerSettings.quick
        settings.resources.processes = 40
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let (_, outcome) = try await fixture.run([
                .run("bomb() { bomb | bomb & sleep 5; }; bomb; sleep 100", timeout: 2),
                .run("true", if: .always),
            ])
            #expect(outcome.result == .failure, "\(outcome)")
            #expect(outcome.steps[2].result == .success, "\(outcome)")
        }
    }

    @Test func `shared memory ends at its limit`() async throws {
        var settings = JobRunnerSettings.quick
        settings.resources.sharedMemory = 1 << 20
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let (berth, outcome) = try await fixture.run([
                .run("dd if=/dev/zero of=/dev/shm/x bs=1024 count=5000")
            ])
            #expect(outcome.result == .failure)
            #expect(try berth.text(of: 1).contains("No space left on device"))
        }
    }

    @Test func `a step killed for its memory says so, and so does its parent`() async throws {
        var settings = JobRunnerSettings.quick
        settings.resources.memory = 24 << 20
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let (_, outcome) = try await fixture.run([
                .run("exec tail /dev/zero"), .run("tail /dev/zero || exit 2", if: .always),
                .run("kill -9 $$", if: .always),
            ])
            #expect(outcome.result == .failure)
            #expect(outcome.steps[1].exitCode == 137)
            let memory = "because the container ran out of memory"
            #expect(outcome.steps[1].reason == "killed by the kernel, \(memory)")
            #expect(outcome.steps[2].exitCode == 2)
            #expect(outcome.steps[2].reason?.hasPrefix("exit code 2") == true)
            #expect(outcome.steps[2].reason?.hasSuffix(memory) == true)
            #expect(outcome.steps[3].reason == "ended by signal 9 (SIGKILL)")
        }
    }

    @Test func `a step that kills itself did not run out of memory`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([.run("kill -9 $$")])
            #expect(outcome.steps[1].exitCode == 137)
            #expect(outcome.steps[1].reason == "ended by signal 9 (SIGKILL)")
        }
    }

    @Test func `a log ends at its limit and says so`() async throws {
        var settings = JobRunnerSettings.quick
        settings.run.logBytesMax = 100_000
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            let events = Events()
            let (_, outcome) = try await fixture.run([.run("yes")], events)
            #expect(outcome.result == .failure)
            #expect(outcome.steps[1].logLength == 100_000)
            #expect(outcome.steps[1].logGap?.contains("100000") == true)
            #expect(events.length(of: 1) == 100_000)
        }
    }

    @Test func `a step that takes everything down is an exception, never a success`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([
                .run("echo 0 >/run/ci/2.exit; kill -9 -1; sleep 10"), .run("false"),
            ])
            #expect(outcome.result == .exception)
            #expect(outcome.steps[1].reason?.contains("container died") == true)
            #expect(outcome.steps[2].result == .skipped)
        }
    }

    @Test func `a container removed from outside is an exception`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let events = Events()
            let berth = try fixture.runner.moor(.of([.run("echo begun; sleep 100")]))
            async let running = fixture.run(berth, events)
            try await eventually { events.length(of: 1) == 6 }
            for container in try await fixture.containers() {
                try await DockerEngine().remove(container)
            }
            let outcome = try await running
            #expect(outcome.result == .exception)
            #expect(outcome.steps[1].reason == "the step's container was removed by somebody else")
            #expect(try berth.text(of: 1) == "begun\n")
        }
    }

    @Test(
        "tampering with the spool gains nothing",
        arguments: [
            "ln -sf /etc/passwd /run/ci/1.exit; sleep 100",
            "mkdir /run/ci/1.exit; sleep 100",
            "echo 0000000000000000000000 >/run/ci/1.exit; sleep 100",
            "mkfifo /run/ci/1.exit; sleep 100",
            "echo ok >/run/ci/1.exit; sleep 100",
        ]
    )
    func tampering(script: String) async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([.run(script)])
            #expect(outcome.result == .exception)
            #expect(outcome.steps[1].reason?.contains("/run/ci") == true)
        }
    }

    @Test func `a result left in advance does not count`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                .run(
                    "echo 0 >/run/ci/2.exit; touch /run/ci/2.claim; ln -s /etc/passwd /run/ci/2.out"
                ),
                .run("echo ran; exit 4"),
            ])
            #expect(outcome.steps[2].exitCode == 4)
            #expect(try berth.text(of: 2) == "ran\n")
        }
    }

    @Test func `removing its own output file hides nothing`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run([
                .run("echo one; rm /run/ci/1.out; ln -s /etc/passwd /run/ci/1.out; echo two")
            ])
            #expect(outcome.result == .success)
            #expect(try berth.text(of: 1) == "one\ntwo\n")
        }
    }
}
