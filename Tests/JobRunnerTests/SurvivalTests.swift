import Core
import Docker
import Foundation
import JobRunner
import Testing

@Suite(.timeLimit(.minutes(2))) struct SurvivalTests {
    @Test func `a job is taken up again by a later runner, its log whole and no step twice`()
        async throws
    {
        try await JobRunnerFixture.scoped { fixture in
            let script = """
                echo run >>ledger
                i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); sleep 0.05; done
                """
            let steps = [StepSpec.run("echo first >>ledger"), .run(script), .run("cat ledger")]
            let events = Events()
            try await Self.letGo(fixture.root, steps, events) {
                try await eventually { events.length(of: 2) > 0 }
            }
            let runner = try JobRunner(root: fixture.root + "/r", engine: DockerEngine())
            let berth = try #require(runner.recover().berths.first)
            #expect(berth.assignment.attempt == 7)
            let later = Events()
            let outcome = try await runner.run(
                berth,
                sources: TestSource(failure: "the source is not asked for twice"),
                actions: TestActions(),
                secrets: TestSecrets(values: [:]),
                tell: later.note
            )
            #expect(outcome.result == .success)
            let expected = (0..<20).map { "line \($0)\n" }.joined()
            #expect(try berth.text(of: 2) == expected)
            #expect(try berth.text(of: 3) == "first\nrun\n")
            #expect(later.started == [3])
            await runner.release(berth)
        }
    }

    /// Begins a job with a runner of its own, and drops both in the middle.
    private static func letGo(
        _ root: String,
        _ steps: [StepSpec],
        _ events: Events,
        _ moment: @escaping @Sendable () async throws -> Void
    ) async throws {
        let runner = try JobRunner(root: root + "/r", engine: DockerEngine(), settings: .quick)
        let berth = try runner.moor(.of(steps))
        try await withThrowingTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await runner.run(
                        berth,
                        sources: TestSource(),
                        actions: TestActions(),
                        secrets: TestSecrets(values: [:]),
                        tell: events.note
                    )
                }
            }
            try await moment()
            group.cancelAll()
        }
    }

    @Test func `a container that vanished meanwhile makes no false success`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let events = Events()
            let steps = [StepSpec.run("echo begun; sleep 100"), .run("echo after", if: .always)]
            try await Self.letGo(fixture.root, steps, events) {
                try await eventually { events.length(of: 1) > 0 }
            }
            let runner = try JobRunner(root: fixture.root + "/r", engine: DockerEngine())
            for object in try await JobRunnerFixture.list(.container, instance: runner.instance) {
                try await DockerEngine().remove(object)
            }
            let berth = try #require(runner.recover().berths.first)
            let outcome = try await runner.run(
                berth,
                sources: TestSource(),
                actions: TestActions(),
                secrets: TestSecrets(values: [:]),
                tell: Events().note
            )
            #expect(outcome.result == .exception)
            #expect(outcome.steps.map(\.result) == [.success, .exception, .success])
            #expect(try berth.text(of: 2) == "after\n")
            await runner.release(berth)
        }
    }

    @Test func `a setup that was broken off begins again in an empty workspace`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let image = ImageSource.reference("localhost:1/nothing:1")
            var settings = JobRunnerSettings.quick
            settings.pullPauses = [.seconds(600)]
            let events = Events()
            do {
                let runner = try JobRunner(
                    root: fixture.root + "/r",
                    engine: DockerEngine(),
                    settings: settings
                )
                let berth = try runner.moor(.of([.run("true", image: image)]))
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        _ = try? await runner.run(
                            berth,
                            sources: TestSource(files: ["left/over": "x"]),
                            actions: TestActions(),
                            secrets: TestSecrets(values: [:]),
                            tell: events.note
                        )
                    }
                    try await eventually { ((try? berth.log(of: 0).length()) ?? 0) > 0 }
                    let left = berth.workspace + "/left/over"
                    try await eventually { FileManager.default.fileExists(atPath: left) }
                    group.cancelAll()
                }
            }
            let runner = try JobRunner(
                root: fixture.root + "/r",
                engine: DockerEngine(),
                settings: .quick
            )
            let berth = try #require(runner.recover().berths.first)
            let outcome = try await runner.run(
                berth,
                sources: TestSource(),
                actions: TestActions(),
                secrets: TestSecrets(values: [:]),
                tell: events.note
            )
            #expect(outcome.result == .exception)
            #expect(try berth.text(of: 0).contains("The worker was started again"))
            #expect(try berth.text(of: 0).hasPrefix("Attempt 2 of job test."))
            #expect(try FileManager.default.contentsOfDirectory(atPath: berth.workspace) == [])
        }
    }

    @Test func `a cancelled job ends soon, but what runs always still does`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let events = Events()
            let berth = try fixture.runner.moor(
                .of([
                    .run("echo begun; sleep 100"), .run("echo no", if: .failure),
                    .run("echo tidy", if: .always),
                ])
            )
            async let running = fixture.run(berth, events)
            try await eventually { events.length(of: 1) > 0 }
            try fixture.runner.cancel(berth)
            let outcome = try await running
            #expect(outcome.result == .cancelled)
            #expect(outcome.steps.map(\.result) == [.success, .cancelled, .skipped, .success])
            #expect(try berth.text(of: 3) == "tidy\n")
        }
    }

    @Test func `an abandoned job is killed and runs nothing more`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let events = Events()
            let berth = try fixture.runner.moor(
                .of([.run("trap '' TERM; sleep 100"), .run("echo tidy", if: .always)])
            )
            async let running = fixture.run(berth, events)
            try await events.began(1)
            try fixture.runner.abandon(berth)
            let outcome = try await running
            #expect(outcome.steps.map(\.result) == [.success, .cancelled, .skipped])
            #expect(try await fixture.containers().isEmpty)
        }
    }

    @Test func `a job ends at its own limit`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run(
                [.run("sleep 100"), .run("echo tidy", if: .always)],
                timeout: 30
            )
            #expect(outcome.result == .failure)
            #expect(outcome.reason == "step: the job's limit of 30s is over")
            #expect(outcome.steps[2].result == .success)
        }
    }

    @Test func `what has no job is removed, and nothing of others`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let engine = DockerEngine()
            let name = "slipway-test-\(fixture.runner.instance)"
            let image = try ImageReference("busybox:1")
            let ours = [JobRunnerLabel.instance: fixture.runner.instance]
            let lost = try await engine.launch(
                ContainerSpec(name: name, image: image, command: ["sleep", "100"], labels: ours)
            )
            try await engine.createVolume(name, labels: ours)
            try await engine.createNetwork(name, labels: ours)
            let foreign = try await engine.launch(
                ContainerSpec(
                    name: name + "-foreign",
                    image: image,
                    command: ["sleep", "100"],
                    labels: [JobRunnerLabel.instance: "another"]
                )
            )
            let (berth, _) = try await fixture.run([.run("true")])
            await fixture.runner.reconcile()
            #expect(try await engine.inspect(lost) == nil)
            #expect(try await engine.inspect(foreign)?.isRunning == true)
            try await engine.remove(foreign)
            #expect(try await fixture.containers().map(\.value) == [berth.id])
            for kind in [LabelledKind.volume, .network] {
                let left = try await JobRunnerFixture.list(kind, instance: fixture.runner.instance)
                #expect(left.isEmpty)
            }
        }
    }

    @Test func `two processes cannot use one folder`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            #expect(throws: JobRunnerError.self) {
                try JobRunner(root: fixture.root, engine: DockerEngine())
            }
        }
    }
}
