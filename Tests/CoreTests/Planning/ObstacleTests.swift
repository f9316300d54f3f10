import Core
import Testing

@Suite struct ObstacleTests {
    private func push(_ triggers: Triggers, _ branch: String, _ paths: [String]?) -> NoTrigger? {
        obstacle(triggers, for: .at("refs/heads/\(branch)"), changedPaths: paths)
    }

    @Test func `a file without triggers runs on pushes, pull requests and by hand`() {
        let expected: [(Event, NoTrigger?)] = [
            (.push, nil), (.pullRequest, nil), (.manual, nil), (.tag, .event(.tag)),
            (.schedule, .event(.schedule)), (.pipeline, .event(.pipeline)),
            (.trial, nil),
        ]
        #expect(expected.map(\.0).count == Event.allCases.count)
        for (event, obstacle) in expected {
            let found = Core.obstacle(
                .standard,
                for: .at("refs/heads/x", event),
                changedPaths: ["x"]
            )
            #expect(found == obstacle)
        }
    }

    @Test(arguments: Event.allCases)
    func `what is not named starts nothing`(event: Event) {
        let found = obstacle(Triggers(), for: .at("refs/heads/main", event), changedPaths: [])
        #expect(found == .event(event))
        #expect(found?.sentence == "its 'on' does not name \(event.rawValue)")
    }

    @Test func `branches and paths are both asked`() {
        let triggers = Triggers(
            push: PushTrigger(
                branches: GlobList(["main", "release/*"]),
                paths: GlobList(["src/**", "!**/*.md"])
            )
        )
        #expect(push(triggers, "dev", ["src/a"]) == .branch("dev"))
        #expect(push(triggers, "release/1", ["src/a"]) == nil)
        #expect(push(triggers, "main", ["docs/x", "src/readme.md"]) == .paths)
        #expect(push(triggers, "main", ["docs/x", "src/a"]) == nil)
        #expect(push(triggers, "main", []) == .paths)
        #expect(push(triggers, "main", nil) == nil, "unknown paths count as everything")
    }

    @Test func `a pull request is asked for the branch it would be merged into`() {
        let triggers = Triggers(
            pullRequest: PullRequestTrigger(
                branches: GlobList(["main"]),
                paths: GlobList(["src/**"])
            )
        )
        let cases: [(String, [String]?, NoTrigger?)] = [
            ("main", ["src/a"], nil), ("main", ["docs/a"], .paths), ("main", nil, nil),
            ("dev", ["src/a"], .branch("dev")),
        ]
        for (target, paths, expected) in cases {
            let change = Change.at(
                "refs/pull/7/head",
                .pullRequest,
                pullRequest: PullRequest(number: 7, target: target, source: "main")
            )
            #expect(obstacle(triggers, for: change, changedPaths: paths) == expected)
        }
    }

    @Test func `a tag has to match`() {
        let triggers = Triggers(tags: GlobList(["v*", "!v0*"]))
        let cases: [(String, NoTrigger?)] = [
            ("v1", nil), ("v0.1", .tag("v0.1")), ("nightly", .tag("nightly")),
        ]
        for (tag, expected) in cases {
            let change = Change.at("refs/tags/\(tag)", .tag)
            #expect(obstacle(triggers, for: change, changedPaths: nil) == expected)
        }
    }

    @Test(
        arguments: [
            ("libs", BuildResult.success, nil),
            ("libs", .warnings, .upstreamResult("libs", .warnings)),
            ("tools", .failure, nil), ("app", .success, .upstream("app")),
        ] as [(String, BuildResult, NoTrigger?)]
    )
    func `another pipeline's end has to be one that is waited for`(
        name: String,
        result: BuildResult,
        expected: NoTrigger?
    ) {
        let triggers = Triggers(
            pipelines: [PipelineTrigger(name: "libs"), PipelineTrigger(name: "tools", result: nil)]
        )
        let change = Change.at(
            "refs/heads/main",
            .pipeline,
            upstream: Upstream(pipeline: name, result: result)
        )
        #expect(obstacle(triggers, for: change, changedPaths: nil) == expected)
    }

    @Test func `a schedule starts what has one`() {
        let triggers = Triggers(schedules: [ScheduleTrigger(cron: "30 2 * * *")])
        #expect(
            obstacle(triggers, for: .at("refs/heads/main", .schedule), changedPaths: nil) == nil
        )
    }

    @Test(arguments: [
        (NoTrigger.branch("dev"), "its 'on' does not let in the branch 'dev'"),
        (.tag("v0"), "its 'on' does not let in the tag 'v0'"),
        (.paths, "no changed file is among its paths"),
        (.upstream("app"), "its 'on' does not name the pipeline 'app'"),
        (
            .upstreamResult("libs", .failure),
            "the pipeline 'libs' ended with failure, which is not what its 'on' waits for"
        ),
    ])
    func `every obstacle is a sentence`(obstacle: NoTrigger, sentence: String) {
        #expect(obstacle.sentence == sentence)
    }
}
