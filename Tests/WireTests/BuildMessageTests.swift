import Core
import Foundation
import Testing
import Wire

@Suite struct BuildMessageTests {
    private var build: Build {
        Build(
            id: BuildID(7),
            repository: RepositoryID(1),
            repositoryName: "shop",
            number: 3,
            pipeline: "main",
            event: .push,
            ref: "refs/heads/main",
            sha: "0123456789abcdef0123456789abcdef01234567",
            message: "Sell \"tea\"",
            author: "Ada",
            reason: "Push to main by Ada",
            state: .waiting,
            createdAt: sampleTime
        )
    }

    @Test func `a build that waits has no keys for what has not happened`() throws {
        try expect(
            BuildMessage(build),
            isWrittenAs: #"""
                {"author":"Ada","created_at":"2023-11-14T22:13:20.250Z","event":"push","id":7,
                "message":"Sell \"tea\"","number":3,"pipeline":"main",
                "reason":"Push to main by Ada","ref":"refs/heads/main","repository":"shop",
                "sha":"0123456789abcdef0123456789abcdef01234567","state":"waiting"}
                """#
        )
    }

    @Test func `a cancelled retry says so`() throws {
        var build = build
        build.state = .finished
        build.result = .cancelled
        build.startedAt = sampleTime
        build.finishedAt = sampleTime
        build.cancelledBy = "ada"
        build.retryOf = BuildID(6)
        try expect(
            BuildMessage(build, jobs: []),
            isWrittenAs: #"""
                {"author":"Ada","cancelled_by":"ada","created_at":"2023-11-14T22:13:20.250Z",
                "event":"push","finished_at":"2023-11-14T22:13:20.250Z","id":7,"jobs":[],
                "message":"Sell \"tea\"","number":3,"pipeline":"main",
                "reason":"Push to main by Ada","ref":"refs/heads/main","repository":"shop",
                "result":"cancelled","retry_of":6,
                "sha":"0123456789abcdef0123456789abcdef01234567",
                "started_at":"2023-11-14T22:13:20.250Z","state":"finished"}
                """#
        )
    }

    @Test func `problems are told with their places`() throws {
        var build = build
        build.problems = [
            Problem(path: "pipelines/main.yml", line: 2, column: 5, message: "no", hint: "yes")
        ]
        let message = BuildMessage(build)
        let text = String(decoding: try WireCoding.encoder().encode(message), as: UTF8.self)
        #expect(
            text.contains(
                #"""
                "problems":[{"column":5,"hint":"yes","line":2,"message":"no","path":"pipelines/main.yml"}]
                """#
            )
        )
    }

    @Test func `a job carries its steps, its labels and why it waits`() throws {
        var step = Step(index: 1, name: "Tests", kind: .run, state: .finished)
        step.result = .failure
        step.exitCode = 2
        step.reason = "exit code 2"
        step.startedAt = sampleTime
        step.finishedAt = sampleTime
        step.logLength = 12
        step.logGap = "bytes 3 to 5"
        let job = Job(
            id: JobID(9),
            build: BuildID(7),
            spec: JobSpec(name: "test", needs: ["lint"], labels: ["arm"], steps: []),
            state: .waiting,
            waitingReason: "No worker has the label arm.",
            reason: "lost once",
            worker: "w1",
            attempt: 1,
            steps: [step]
        )
        try expect(
            JobMessage(job),
            isWrittenAs: #"""
                {"attempt":1,"build":7,"id":9,"labels":["arm"],"name":"test","needs":["lint"],
                "reason":"lost once","state":"waiting","steps":[{"exit_code":2,
                "finished_at":"2023-11-14T22:13:20.250Z","index":1,"kind":"run","log_bytes":12,
                "log_gap":"bytes 3 to 5","name":"Tests","reason":"exit code 2",
                "result":"failure","started_at":"2023-11-14T22:13:20.250Z","state":"finished"}],
                "waiting_reason":"No worker has the label arm.","worker":"w1"}
                """#
        )
    }

    @Test func `what people send and get around builds`() throws {
        try expect(
            StartBuildMessage(ref: "main", sha: nil, pipeline: "nightly"),
            isWrittenAs: #"{"pipeline":"nightly","ref":"main"}"#
        )
        try expect(StartedBuildsMessage(builds: []), isWrittenAs: #"{"builds":[]}"#)
        try expect(RetryMessage(failedOnly: true), isWrittenAs: #"{"failed_only":true}"#)
        #expect(try decoded(RetryMessage.self, "{}").failedOnly == nil)
        #expect(try decoded(StartBuildMessage.self, "{}").ref == nil)
    }

    @Test func `a row of the queue`() throws {
        try expect(
            QueueEntryMessage(
                job: 9,
                name: "test",
                build: 7,
                repository: "shop",
                number: 3,
                labels: [],
                waitingReason: "The one slot that could run it is busy.",
                since: sampleTime
            ),
            isWrittenAs: #"""
                {"build":7,"job":9,"labels":[],"name":"test","number":3,"repository":"shop",
                "since":"2023-11-14T22:13:20.250Z",
                "waiting_reason":"The one slot that could run it is busy."}
                """#
        )
    }

    @Test func `an artifact and a piece of a log`() throws {
        try expect(
            ArtifactMessage(
                id: 1,
                job: 9,
                name: "site",
                digest: "sha256:ab",
                files: 2,
                bytes: 30,
                createdAt: sampleTime
            ),
            isWrittenAs: #"""
                {"bytes":30,"created_at":"2023-11-14T22:13:20.250Z","digest":"sha256:ab",
                "files":2,"id":1,"job":9,"name":"site"}
                """#
        )
        try expect(
            LogPieceMessage(offset: 5, text: "\u{1B}[1mé\r\n"),
            isWrittenAs: #"{"offset":5,"text":"\u001b[1mé\r\n"}"#
        )
    }
}
