import Core
import Foundation
import Testing
import Wire

@testable import slipway

@Suite struct BuildStoryTests {
    private let start = Date(timeIntervalSince1970: 1_000)

    @Test func `each happening is told once`() {
        var story = BuildStory()
        var job = job()
        job.waitingReason = "no worker has a free slot"
        #expect(told(&story, job) == ["test: waiting (no worker has a free slot)"])
        #expect(told(&story, job) == [])

        job.state = .running
        job.worker = "w1"
        job.steps[0].state = .running
        #expect(told(&story, job) == ["test: running on w1", "test / setup: running"])

        job.steps[0].finish(.success, after: 0.4, from: start)
        job.steps[1].state = .running
        #expect(told(&story, job) == ["test / setup: success 0.4 s", "test / unit: running"])

        job.steps[1].exitCode = 2
        job.steps[1].finish(.failure, after: 12, from: start)
        job.state = .finished
        job.result = .failure
        job.startedAt = start
        job.finishedAt = start.addingTimeInterval(13)
        #expect(
            told(&story, job)
                == ["test / unit: failure (exit code 2) 12 s", "test: failure 13 s"]
        )
    }

    @Test func `what was missed is told at its end only`() {
        var story = BuildStory()
        var job = job()
        job.state = .finished
        job.result = .success
        for index in job.steps.indices { job.steps[index].finish(.success, after: 1, from: start) }
        #expect(
            told(&story, job)
                == ["test / setup: success 1.0 s", "test / unit: success 1.0 s", "test: success"]
        )
    }

    @Test func `a second attempt tells its steps again`() {
        var story = BuildStory()
        var job = job()
        job.attempt = 1
        job.state = .running
        job.steps[0].state = .running
        _ = told(&story, job)
        job.attempt = 2
        #expect(told(&story, job) == ["test: attempt 2", "test / setup: running"])
    }

    @Test(
        arguments: zip(
            [[.success, .warnings], [.success, .failure], [.cancelled, .failure], []]
                as [[BuildResult]],
            [.done, .red, .cancelled, .done] as [CommandStatus]
        )
    )
    func `the worst build decides the exit code`(results: [BuildResult], status: CommandStatus) {
        let builds = results.map { result in
            var build = build(with: [])
            build.state = .finished
            build.result = result
            return build
        }
        #expect(BuildFollower.status(of: builds) == status)
    }

    private func told(_ story: inout BuildStory, _ job: JobMessage) -> [String] {
        story.news(in: build(with: [job])).map { line in
            line.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
        }
    }

    private func job() -> JobMessage {
        let spec = JobSpec(name: "test", steps: [])
        return JobMessage(
            Job(
                id: JobID(7),
                build: BuildID(1),
                spec: spec,
                state: .waiting,
                steps: [
                    Step(index: 0, name: "setup", kind: .setup),
                    Step(index: 1, name: "unit", kind: .run),
                ]
            )
        )
    }

    private func build(with jobs: [JobMessage]) -> BuildMessage {
        BuildMessage(
            Build(
                id: BuildID(1),
                repository: RepositoryID(1),
                repositoryName: "shop",
                number: 1,
                pipeline: "main",
                event: .push,
                ref: "refs/heads/main",
                sha: String(repeating: "0", count: 40),
                message: "",
                author: "Ann",
                reason: "push to main",
                state: .running,
                createdAt: start
            ),
            jobs: jobs
        )
    }
}

extension StepMessage {
    fileprivate mutating func finish(
        _ result: BuildResult,
        after seconds: TimeInterval,
        from start: Date
    ) {
        state = .finished
        self.result = result
        startedAt = start
        finishedAt = start.addingTimeInterval(seconds)
    }
}
