import Core
import Docker
import Foundation
import JobRunner
import Testing

@Suite(.timeLimit(.minutes(2))) struct SetupTests {
    @Test func `a folder of the commit becomes the image, once per content`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let mark = UUID().uuidString
            let source = TestSource(files: [
                "containers/tool/Dockerfile": "FROM busybox:1\nRUN echo \(mark) >/mark\n"
            ])
            let steps = [StepSpec.run("cat /mark", image: .folder("tool"))]
            let (first, outcome) = try await fixture.run(steps, source: source)
            #expect(outcome.result == .success)
            #expect(try first.text(of: 1) == "\(mark)\n")
            #expect(try first.text(of: 0).contains("Building image containers/tool"))
            #expect(try first.text(of: 0).contains("echo \(mark)"))
            let (second, _) = try await fixture.run(steps, source: source)
            #expect(try second.text(of: 0).contains("built already"))
            let tag = try #require(try second.text(of: 0).firstMatch(of: /slipway\/tool:[0-9a-f]+/))
            for berth in [first, second] { await fixture.runner.release(berth) }
            try await DockerEngine().removeImage(try ImageReference(String(tag.output)))
        }
    }

    @Test(
        "a folder that cannot become an image fails the setup and says why",
        arguments: [
            ([:], "the commit has no folder containers/tool"),
            (["containers/tool/x": "x"], "the folder has no file named Dockerfile"),
            (["containers/tool": "x"], "is not a folder"),
            (["containers/tool/Dockerfile": "FROM busybox:1\nRUN exit 9\n"], "non-zero code: 9"),
        ]
    )
    func badFolders(files: [String: String], words: String) async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (berth, outcome) = try await fixture.run(
                [.run("true", image: .folder("tool")), .run("true", if: .always)],
                source: TestSource(files: files)
            )
            #expect(outcome.result == .failure)
            #expect(outcome.steps.map(\.result) == [.failure, .skipped, .skipped])
            #expect(outcome.reason?.contains(words) == true)
            #expect(try berth.text(of: 0).contains(words))
        }
    }

    @Test func `an image whose registry is away is an exception after some tries`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let image = ImageSource.reference("localhost:1/nothing:1")
            let (berth, outcome) = try await fixture.run([.run("true", image: image)])
            #expect(outcome.result == .exception)
            #expect(outcome.reason?.contains("registry cannot be reached") == true)
            let log = try berth.text(of: 0)
            #expect(log.components(separatedBy: "pulling it").count == 3)
            #expect(log.contains("connection refused"))
        }
    }

    @Test func `an image that is no reference fails`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let (_, outcome) = try await fixture.run([.run("true", image: .reference("--help"))])
            #expect(outcome.result == .failure)
            #expect(outcome.reason?.contains("is not an image reference") == true)
        }
    }

    @Test func `an engine that is stopped is an exception, at once`() async throws {
        let engine = DockerEngine(host: "unix:///nowhere/docker.sock")
        try await JobRunnerFixture.scoped(engine: engine) { fixture in
            let (_, outcome) = try await fixture.run([.run("true")])
            #expect(outcome.result == .exception)
            #expect(outcome.reason?.contains("engine does not answer") == true)
        }
    }

    @Test func `a source that cannot be had is an exception`() async throws {
        try await JobRunnerFixture.scoped { fixture in
            let source = TestSource(failure: "the master is away")
            let (berth, outcome) = try await fixture.run([.run("true")], source: source)
            #expect(outcome.result == .exception)
            #expect(try berth.text(of: 0).contains("the master is away"))
        }
    }

    @Test func `a container waits warm for the next job and serves one only`() async throws {
        var settings = JobRunnerSettings.quick
        settings.warmImagesMax = 1
        try await JobRunnerFixture.scoped(settings: settings) { fixture in
            try await withThrowingTaskGroup { group in
                group.addTask { await fixture.runner.run() }
                let (first, _) = try await fixture.run([.run("hostname; touch /used")])
                await fixture.runner.release(first)
                try await eventually { fixture.runner.warmCount == 1 }
                let warm = try await fixture.containers().map(\.value)
                let (second, outcome) = try await fixture.run([.run("! ls /used")])
                #expect(outcome.result == .success)
                #expect(warm.contains(second.id))
                await fixture.runner.release(second)
                group.cancelAll()
            }
            try await eventually { try await fixture.containers().isEmpty }
        }
    }
}
