import Core
import Testing

@Suite struct FileCheckTests {
    private func check(_ job: JobDefinition) -> [String] {
        problems(in: .of([.job("a"), job]), library: [:]).map(\.message)
    }

    @Test func `everything wrong is said at once, each thing in its place`() throws {
        var job = JobDefinition.job("b", needs: ["nobody"])
        job.condition = try Expression("brnch == 'x'", at: Mark(line: 9, column: 9))
        job.labels = [try Template("x-${{ build }}", at: Mark(line: 8, column: 12))]
        job.steps = [
            .run(image: try Template("a:${{ matrix.x }}", at: Mark(line: 12, column: 14)))
        ]
        var pipeline = Pipeline.of([job])
        pipeline.concurrency = ConcurrencyDefinition(
            group: try Template("${{ pipline }}", at: Mark(line: 2, column: 16))
        )
        #expect(
            problems(in: pipeline, library: [:]).map(\.description) == [
                "pipelines/main.yml:1:1: job 'b' needs 'nobody', which does not exist",
                "pipelines/main.yml:2:20: no value is called 'pipline' (did you mean 'pipeline'?)",
                "pipelines/main.yml:8:18: 'build' is known when the job is ready to start, "
                    + "and this is decided when the build is planned",
                "pipelines/main.yml:9:9: no value is called 'brnch' (did you mean 'branch'?)",
                "pipelines/main.yml:12:20: there is no matrix here",
            ]
        )
    }

    @Test func `a step without an image has none from anywhere`() {
        #expect(check(.job("b", steps: [.run(image: nil)])) == ["no image for this step"])
        var job = JobDefinition.job("b", steps: [.run(image: nil)])
        job.image = "debian"
        #expect(check(job) == [])
        var pipeline = Pipeline.of([.job("b", steps: [.run(image: nil)])])
        pipeline.defaults.image = "debian"
        #expect(problems(in: pipeline, library: [:]) == [])
    }

    @Test func `jobs and steps have bounds and names`() {
        #expect(check(.job("b", steps: [])) == ["this job has no steps"])
        #expect(
            check(.job("b", steps: Array(repeating: .run(), count: 201)))
                == ["201 steps; a job has at most 200"]
        )
        #expect(check(.job("b / c")) == ["the name of a job does not hold ' / '"])
        #expect(check(.job("")) == ["the name of this job is empty"])
        let many = (0...500).map { JobDefinition.job("j\($0)") }
        #expect(
            problems(in: .of(many), library: [:]).map(\.message)
                == ["501 jobs; a pipeline has at most 500"]
        )
        #expect(
            problems(in: .of([]), library: [:]).map(\.message)
                == ["a pipeline has at least one job"]
        )
    }

    @Test(
        arguments: [
            ("env.A == 'x'", [String]()), ("env.B == 'x'", []),
            ("env.LATER == 'x'", ["no variable above is called 'LATER'"]),
            ("env.NONE == 'x'", ["no variable above is called 'NONE'"]),
            (
                "success() && hash('x') == ''",
                [
                    "'hash()' is known while the job runs, and this is decided when the job is ready to start"
                ]
            ),
        ] as [(Expression, [String])]
    )
    func `a job's condition sees the variables that are known before it`(
        condition: Expression,
        expected: [String]
    ) {
        var job = JobDefinition.job("b", if: condition)
        job.environment = ["A": "1", "LATER": "${{ build }}"]
        var pipeline = Pipeline.of([job])
        pipeline.environment = ["B": "2", "LATER": "3"]
        #expect(problems(in: pipeline, library: [:]).map(\.message) == expected)
    }

    @Test func `variables do not use each other above the steps`() {
        var job = JobDefinition.job("b")
        job.environment = ["A": "1", "B": "${{ env.A }}"]
        #expect(check(job) == ["variables of 'env' cannot be used here"])
    }

    @Test func `the if of a job that uses a file is decided when the build is planned`() {
        let file = Pipeline.of([.job("x")], path: "pipelines/lib/x.yml")
        let job = JobDefinition.using(
            "pipelines/lib/x.yml",
            as: "b",
            needs: ["a"],
            if: "needs.a.result == ''"
        )
        let found = problems(in: .of([.job("a"), job]), library: [file.path: file])
        #expect(
            found.map(\.message) == [
                "'needs.a.result' is known when the job is ready to start, "
                    + "and this is decided when the build is planned"
            ]
        )
    }

    @Test func `a hundred problems are enough`() {
        let jobs = (0..<300).map { JobDefinition.job("j\($0)", needs: ["nobody\($0)"]) }
        #expect(problems(in: .of(jobs), library: [:]).count == 100)
    }
}
