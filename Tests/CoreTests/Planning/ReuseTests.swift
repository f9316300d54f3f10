import Core
import Testing

@Suite struct ReuseTests {
    private static let path = "pipelines/lib/test.yml"

    private func library(_ jobs: [JobDefinition], inputs: [InputDefinition] = []) -> Pipeline {
        var pipeline = Pipeline.of(jobs, path: Self.path)
        pipeline.inputs = inputs
        return pipeline
    }

    private func use(
        with arguments: [String: Template] = [:],
        needs: [String] = [],
        if condition: Expression? = nil,
        matrix: MatrixDefinition? = nil
    ) -> JobDefinition {
        .using(
            "./" + Self.path,
            as: "checks",
            with: arguments,
            needs: needs,
            if: condition,
            matrix: matrix
        )
    }

    @Test func `the jobs of a used file stand below the job that uses it`() throws {
        let file = library([
            .job("unit"),
            .job("report", needs: ["unit"], if: "always() && needs.unit.result != 'skipped'"),
        ])
        let plan = try planned(
            .of([.job("first"), use(needs: ["first"]), .job("last", needs: ["checks"])]),
            library: [file]
        )
        #expect(
            plan.jobs.map(\.name) == ["first", "checks / unit", "checks / report", "last"]
        )
        #expect(
            plan.jobs.map(\.needs) == [
                [], ["first"], ["checks / unit"], ["checks / unit", "checks / report"],
            ]
        )
        #expect(
            plan.jobs[2].condition.rawValue
                == "always() && needs['checks / unit'].result != 'skipped'"
        )
    }

    @Test func `what is needed of a used file is answered for the whole of it`() throws {
        let file = library([.job("unit"), .job("lint")])
        let plan = try planned(
            .of([use(), .job("last", needs: ["checks"], if: "needs.checks.outputs.v == '1'")]),
            library: [file]
        )
        let outputs = [["v": "0"], ["v": "1"], [:]]
        let nodes = plan.jobs.enumerated().map { index, spec in
            JobGraph.Node(
                id: JobID(Int64(index)),
                name: spec.name,
                key: spec.key,
                needs: spec.needs,
                condition: spec.condition,
                state: index == 2 ? .blocked : .finished(.success),
                outputs: outputs[index]
            )
        }
        let advance = JobGraph(nodes: nodes, isCancelled: false).advanced()
        #expect(advance.steps == [.ready(JobID(2))])
    }

    @Test func `inputs are typed, have defaults, and are all that comes in from outside`() throws {
        let file = library(
            [
                .job(
                    "unit",
                    if: "inputs.full && inputs.tries < 3",
                    steps: [.run(env: ["V": "${{ inputs.v }}"])]
                )
            ],
            inputs: [
                InputDefinition(name: "v", isRequired: true),
                InputDefinition(name: "full", type: .flag, defaultValue: "true"),
                InputDefinition(name: "tries", type: .number),
            ]
        )
        let matrix = MatrixDefinition(["n": ["1", "5"]])
        let caller = use(
            with: ["v": "${{ branch }}-${{ matrix.n }}", "tries": "${{ matrix.n }}"],
            matrix: matrix
        )
        let plan = try planned(.of([caller]), library: [file])
        #expect(plan.jobs.map(\.name) == ["checks (n=1) / unit"])
        #expect(plan.jobs.first?.steps.first?.environment["V"]?.constant == "main-1")
        #expect(
            plan.filtered.map(\.reason)
                == ["its 'if' does not hold: inputs.full && inputs.tries < 3"]
        )
    }

    @Test func `a use that the change filters out filters all its jobs`() throws {
        let plan = try planned(
            .of([use(if: "event == 'tag'")]),
            library: [library([.job("unit"), .job("lint")])]
        )
        #expect(plan.jobs.isEmpty)
        #expect(plan.filtered.map(\.spec.name) == ["checks / unit", "checks / lint"])
        #expect(plan.filtered.first?.reason == "the 'if' of checks does not hold: event == 'tag'")
    }

    @Test(
        arguments: [
            (["x": "1"], "'pipelines/lib/test.yml' declares no input 'x'"),
            (["n": "many", "v": ""], "the input 'n' is a number such as 7 or 2.5, not 'many'"),
            ([:], "'pipelines/lib/test.yml' needs the input 'v'"),
        ] as [([String: Template], String)]
    )
    func `what is given must be declared and fit`(
        arguments: [String: Template],
        complaint: String
    ) {
        let file = library(
            [.job("unit")],
            inputs: [
                InputDefinition(name: "v", isRequired: true),
                InputDefinition(name: "n", type: .number),
            ]
        )
        #expect(complaints(.of([use(with: arguments)]), library: [file]).contains(complaint))
    }

    @Test func `a file that is not there, or that comes back to itself, is a problem`() {
        let near = Pipeline.of([.job("a")], path: "pipelines/lib/tests.yml")
        #expect(
            complaints(.of([use()]), library: [near]) == [
                "there is no file './pipelines/lib/test.yml' to use "
                    + "(did you mean './pipelines/lib/tests.yml'?)"
            ]
        )
        let circle = library([.using("pipelines/main.yml", as: "again")])
        let main = Pipeline.of([use()])
        #expect(
            complaints(main, library: [circle, main]) == [
                "files use each other in a circle: "
                    + "pipelines/main.yml → pipelines/lib/test.yml → pipelines/main.yml"
            ]
        )
    }

    @Test func `files use files only so deep`() throws {
        let files = (1...4).map { number in
            Pipeline.of(
                [number == 4 ? .job("end") : .using("pipelines/l\(number + 1).yml", as: "u")],
                path: "pipelines/l\(number).yml"
            )
        }
        let three = Pipeline.of([.using("pipelines/l2.yml", as: "u")])
        #expect(try planned(three, library: files).jobs.map(\.name) == ["u / u / u / end"])
        let four = Pipeline.of([.using("pipelines/l1.yml", as: "u")])
        #expect(complaints(four, library: files) == ["files use files at most 3 deep"])
    }

    @Test func `a problem of a used file is said of that file`() {
        let mark = Mark(line: 4, column: 9)
        var job = JobDefinition.job("unit")
        job.condition = try? Expression("brnch == 'x'", at: mark)
        let request = PlanRequest.of(.at(), [:], nil, [library([job])])
        guard case .problems(let problems) = plan(.of([use()]), for: request) else {
            Issue.record("no problem")
            return
        }
        #expect(
            problems.map(\.description) == [
                "pipelines/lib/test.yml:4:9: no value is called 'brnch' (did you mean 'branch'?)"
            ]
        )
    }
}
