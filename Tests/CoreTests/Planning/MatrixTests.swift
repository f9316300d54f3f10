import Core
import Testing

@Suite struct MatrixTests {
    private func names(_ matrix: MatrixDefinition) throws -> [String] {
        try planned(.of([.job("t", matrix: matrix)])).jobs.map(\.name)
    }

    @Test func `every combination is a job, and the last axis turns fastest`() throws {
        let matrix = MatrixDefinition(["swift": ["6.1", "6.10"], "os": ["linux", "mac"]])
        let jobs = try planned(.of([.job("t", matrix: matrix)])).jobs
        #expect(
            jobs.map(\.name) == [
                "t (swift=6.1, os=linux)", "t (swift=6.1, os=mac)", "t (swift=6.10, os=linux)",
                "t (swift=6.10, os=mac)",
            ]
        )
        #expect(jobs.map(\.key) == ["t", "t", "t", "t"])
        #expect(jobs.map(\.failFast) == ["t", "t", "t", "t"])
        #expect(jobs.last?.matrix == ["swift": "6.10", "os": "mac"])
    }

    @Test func `a row of exclude takes away what has all its values`() throws {
        let matrix = MatrixDefinition(
            ["a": ["1", "2"], "b": ["x", "y"]],
            exclude: [["a": "1", "b": "y"], ["a": "2"]]
        )
        #expect(try names(matrix) == ["t (a=1, b=x)"])
    }

    @Test func `a row of include is laid over what it matches, or stands alone`() throws {
        let matrix = MatrixDefinition(
            ["a": ["1", "2"], "b": ["x"]],
            include: [
                ["a": "2", "c": "new"], ["d": "all"], ["a": "3", "b": "x"], ["a": "3", "e": "z"],
            ]
        )
        #expect(
            try names(matrix) == [
                "t (a=1, b=x, d=all)", "t (a=2, b=x, c=new, d=all)", "t (a=3, b=x)", "t (a=3, e=z)",
            ]
        )
    }

    @Test func `without axes each row of include is a job, and a missing value is empty`() throws {
        var matrix = MatrixDefinition([:], include: [["a": "1"], ["b": "2"]])
        matrix.failFast = false
        var job = JobDefinition.job("t", matrix: matrix)
        job.steps = [.run(env: ["X": "${{ matrix.a }}|${{ matrix.b }}"])]
        let jobs = try planned(.of([job])).jobs
        #expect(jobs.map(\.name) == ["t (a=1)", "t (b=2)"])
        #expect(jobs.map { $0.steps[0].environment["X"]?.constant } == ["1|", "|2"])
        #expect(jobs.map(\.failFast) == [nil, nil])
    }

    @Test func `a row of include may allow failure`() throws {
        var matrix = MatrixDefinition(["a": ["1", "2"]])
        matrix.include = [
            MatrixDefinition.Row(["a": "2"], allowFailure: true),
            MatrixDefinition.Row(["a": "3"], allowFailure: true),
        ]
        let jobs = try planned(.of([.job("t", matrix: matrix)])).jobs
        #expect(jobs.map(\.name) == ["t (a=1)", "t (a=2)", "t (a=3)"])
        #expect(jobs.map(\.allowFailure) == [false, true, true])
    }

    @Test func `values may come from inputs, as text`() throws {
        var pipeline = Pipeline.of([.job("t", matrix: MatrixDefinition(["a": ["${{ inputs.v }}"]]))]
        )
        pipeline.triggers.manual = ManualTrigger(
            inputs: [InputDefinition(name: "v", type: .number, defaultValue: "6.10")]
        )
        #expect(try planned(pipeline).jobs.map(\.name) == ["t (a=6.1)"])
    }

    @Test func `to need a matrix is to need all its jobs`() throws {
        let plan = try planned(
            .of([
                .job("late", needs: ["t"]), .job("t", matrix: MatrixDefinition(["a": ["1", "2"]])),
            ])
        )
        #expect(plan.jobs.first?.needs == ["t (a=1)", "t (a=2)"])
    }

    @Test func `a matrix has a bound, and so have all jobs together`() throws {
        let sixteen = (0..<16).map { Template(constant: "\($0)") }
        #expect(try names(MatrixDefinition(["a": sixteen, "b": sixteen])).count == 256)
        let limit = ["a matrix makes at most 256 jobs"]
        let more = MatrixDefinition(["a": sixteen, "b": sixteen], include: [["a": "x"]])
        #expect(complaints(.of([.job("t", matrix: more)])) == limit)
        let vast = MatrixDefinition(["a": sixteen, "b": sixteen, "c": sixteen, "d": sixteen])
        #expect(complaints(.of([.job("t", matrix: vast)])) == limit)
        let twice = ["u", "v"].map {
            JobDefinition.job($0, matrix: MatrixDefinition(["a": sixteen, "b": sixteen]))
        }
        #expect(
            complaints(.of(twice)) == ["more than 500 jobs, with their matrices and used files"]
        )
    }

    @Test(arguments: [
        (MatrixDefinition(["a": ["1", "1"]]), "the combination 'a=1' stands twice in the matrix"),
        (MatrixDefinition(["a": ["1"]], exclude: [["a": "1"]]), "this matrix makes no job"),
        (MatrixDefinition(["a": []]), "the axis 'a' has no values"),
        (
            MatrixDefinition(["swift": ["1"]], exclude: [["swfit": "1"]]),
            "the matrix has no axis 'swfit' (did you mean 'swift'?)"
        ),
        (
            MatrixDefinition(["a b": ["1"]]),
            "'a b' is not the name of an axis (letters, digits, '_' and '-')"
        ),
        (
            MatrixDefinition(["a": ["${{ needs.x.outputs.v }}"]]),
            "'needs.x.outputs.v' is known when the job is ready to start, "
                + "and this is decided when the build is planned"
        ),
        (
            MatrixDefinition(["a": ["1"], "b": ["${{ matrix.a }}"]]),
            "there is no matrix here"
        ),
        (
            MatrixDefinition(["a": ["x\ny"]]),
            "the name of the combination 'a=x\u{FFFD}y' has a control character"
        ),
    ])
    func `a matrix that cannot be is a problem`(matrix: MatrixDefinition, complaint: String) {
        let jobs = [JobDefinition.job("x"), .job("t", needs: ["x"], matrix: matrix)]
        #expect(complaints(.of(jobs)) == [complaint])
    }

    @Test func `a name that looks like a combination is told from it`() {
        let jobs = [
            JobDefinition.job("t", matrix: MatrixDefinition(["a": ["1"]])), .job("t (a=1)"),
        ]
        #expect(complaints(.of(jobs)) == ["a second job comes to the name 't (a=1)'"])
    }
}
