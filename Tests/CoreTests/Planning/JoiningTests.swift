import Core
import Testing

/// Jobs that a step of a running build asks for.
@Suite struct JoiningTests {
    private let present: [JobSpec] = [
        JobSpec(name: "gen", steps: []),
        JobSpec(
            name: "test (v=1)",
            key: "test",
            steps: [],
            artifacts: [ArtifactSpec(name: "app", paths: ["x"])]
        ),
        JobSpec(name: "test (v=2)", key: "test", steps: []),
        JobSpec(name: "lib / unit", steps: []),
    ]

    private func join(_ jobs: [JobDefinition], to present: [JobSpec]? = nil) -> Planned {
        plan(
            .of(jobs, path: "$CI_JOBS"),
            joining: present ?? self.present,
            askedForBy: "gen",
            for: .of(.at(), [:], nil, [])
        )
    }

    private func joined(_ jobs: [JobDefinition]) throws -> Plan {
        guard case .plan(let plan) = join(jobs) else {
            Issue.record("\(join(jobs))")
            throw CancellationError()
        }
        return plan
    }

    private func complaints(_ jobs: [JobDefinition], to present: [JobSpec]? = nil) -> [String] {
        guard case .problems(let problems) = join(jobs, to: present) else { return [] }
        return problems.map(\.description)
    }

    @Test func `new jobs need each other, the build's jobs, or the one that asked for them`() throws
    {
        let plan = try joined([
            .job("a"), .job("b", needs: ["a", "test"]), .job("c", needs: ["lib"]),
            .job("d", optional: ["nobody"]), .job("e", if: "branch == 'x'"),
        ])
        #expect(plan.jobs.map(\.name) == ["a", "b", "c", "d"])
        #expect(
            plan.jobs.map(\.needs) == [
                ["gen"], ["a", "test (v=1)", "test (v=2)"], ["lib / unit"], ["gen"],
            ]
        )
        #expect(plan.filtered.map(\.spec.name) == ["e"])
        #expect((plan.jobs + plan.filtered.map(\.spec)).allSatisfy { $0.origin == "gen" })
    }

    @Test func `a new job takes what a job of the build keeps`() throws {
        let plan = try joined([
            .job("a", needs: ["test"], steps: [.download("app", from: "test")])
        ])
        #expect(
            plan.jobs[0].steps[0].action
                == .download(job: "test (v=1)", artifact: "app", to: ".")
        )
        #expect(
            complaints([.job("a", needs: ["test"], steps: [.download("nope", from: "test")])])
                == ["$CI_JOBS:1:1: job 'test' keeps no artifact 'nope' (it keeps app)"]
        )
    }

    @Test func `the same checks and limits hold`() {
        #expect(
            complaints([.job("test")]) == ["$CI_JOBS:1:1: the build has a job 'test' already"]
        )
        #expect(complaints([.job("a", needs: ["tset"])])[0].contains("did you mean 'test'?"))
        let circle = [JobDefinition.job("a", needs: ["b"]), .job("b", needs: ["a"])]
        #expect(complaints(circle)[0].contains("circle"))
        let many = (0..<JobSpec.jobsMax).map { JobSpec(name: "j\($0)", steps: []) }
        #expect(complaints([.job("a")], to: many)[0].contains("would have 501 jobs"))
    }
}
