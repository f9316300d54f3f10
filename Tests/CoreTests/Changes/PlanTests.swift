import Core
import Foundation
import Testing

@Suite struct PlanTests {
    private func change(_ event: Event, _ ref: String) -> Change {
        Change(
            repository: RepositoryID(1),
            event: event,
            ref: ref,
            before: nil,
            commit: Commit(
                sha: String(repeating: "a", count: 40),
                message: "",
                author: "Ada",
                authorEmail: "ada@example.org",
                committedAt: Date(timeIntervalSince1970: 0)
            ),
            actor: "Ada"
        )
    }

    private func push(_ triggers: Triggers, _ branch: String, _ paths: [String]?) -> NoTrigger? {
        obstacle(triggers, for: change(.push, "refs/heads/\(branch)"), changedPaths: paths)
    }

    @Test func `a file without triggers runs on every push and by hand, not on tags`() {
        #expect(push(.standard, "any/branch", ["x"]) == nil)
        let manual = change(.manual, "refs/heads/main")
        #expect(obstacle(.standard, for: manual, changedPaths: nil) == nil)
        let tag = change(.tag, "refs/tags/v1")
        #expect(obstacle(.standard, for: tag, changedPaths: nil) == .event)
    }

    @Test func `what is not named starts nothing`() {
        let none = Triggers(push: nil, tags: nil, isManual: false)
        for event in Event.allCases {
            let change = change(event, event == .tag ? "refs/tags/v1" : "refs/heads/main")
            #expect(obstacle(none, for: change, changedPaths: []) == .event)
        }
    }

    @Test func `branches and paths are both asked`() {
        let triggers = Triggers(
            push: PushTrigger(
                branches: GlobList(["main", "release/*"]),
                paths: GlobList(["src/**", "!**/*.md"])
            ),
            tags: nil,
            isManual: false
        )
        #expect(push(triggers, "dev", ["src/a"]) == .branch)
        #expect(push(triggers, "release/1", ["src/a"]) == nil)
        #expect(push(triggers, "main", ["docs/x", "src/readme.md"]) == .paths)
        #expect(push(triggers, "main", ["docs/x", "src/a"]) == nil)
        #expect(push(triggers, "main", []) == .paths)
        #expect(push(triggers, "main", nil) == nil, "unknown paths count as everything")
    }

    @Test func `a tag has to match`() {
        let triggers = Triggers(push: nil, tags: GlobList(["v*", "!v0*"]), isManual: false)
        let cases: [(String, NoTrigger?)] = [("v1", nil), ("v0.1", .tag), ("nightly", .tag)]
        for (tag, expected) in cases {
            let change = change(.tag, "refs/tags/\(tag)")
            #expect(obstacle(triggers, for: change, changedPaths: nil) == expected)
        }
    }

    // MARK: Versions

    @Test(arguments: [
        ("v1.2.0", 0, "1.2.0"), ("1.2.0", 0, "1.2.0"), ("v1.2.9", 3, "1.2.10-dev.7"),
        ("v01.2.3", 0, "1.2.3"), (nil, 4, "0.0.1-dev.7"), ("nightly", 0, "0.0.1-dev.7"),
        ("v1.2", 0, "0.0.1-dev.7"), ("v1.2.3.4", 0, "0.0.1-dev.7"), ("v1..3", 0, "0.0.1-dev.7"),
        ("v1.2.x", 0, "0.0.1-dev.7"), ("v1.2.-3", 0, "0.0.1-dev.7"),
        ("v1.2.9999999999", 1, "0.0.1-dev.7"), ("vv1.2.3", 0, "0.0.1-dev.7"),
        ("v1.2.٣", 0, "0.0.1-dev.7"),
    ])
    func `Git's history gives the version`(tag: String?, distance: Int, version: String) {
        let sha = String(repeating: "a", count: 40)
        #expect(semanticVersion(tag: tag, distance: distance, build: 7, sha: sha) == version)
        #expect(ReleaseVersion.isValid(version))
    }

    @Test(arguments: [
        ("${{ semver }}", "1.2.3"), ("${{semver}}", "1.2.3"), ("${{  semver  }}", "1.2.3"),
        ("v${{ semver }}-${{ build }}", "v1.2.3-7"), ("plain", "plain"), ("", ""),
        ("${{ unknown }}", "${{ unknown }}"), ("${{ semver", "${{ semver"), ("}}${{", "}}${{"),
        ("$${{ build }}}", "$7}"),
    ])
    func `names in a version are filled in`(template: String, version: String) {
        #expect(filledVersion(template, with: ["semver": "1.2.3", "build": "7"]) == version)
    }

    @Test func `a value that looks like a name is not filled in again`() {
        let names = ["branch": "${{ build }}", "build": "7"]
        #expect(filledVersion("${{ branch }}", with: names) == "${{ build }}")
    }

    // MARK: Steps

    @Test func `the steps of a new attempt begin with the setup and keep their order`() {
        let spec = JobSpec(
            name: "test",
            steps: [
                StepSpec(name: "Tests", action: .run(script: "true")),
                StepSpec(name: "Get", action: .download(job: "a", artifact: "b", to: "c")),
                StepSpec(name: "Publish", action: .publish(PublishSpec(from: "."))),
                StepSpec(name: "Promote", action: .promote(unit: nil, channel: "staging")),
            ]
        )
        let steps = initialSteps(of: spec)
        #expect(steps.map(\.index) == [0, 1, 2, 3, 4])
        #expect(steps.map(\.name) == ["Set up", "Tests", "Get", "Publish", "Promote"])
        #expect(steps.map(\.kind) == [.setup, .run, .download, .publish, .promote])
        #expect(steps.allSatisfy { $0.state == .waiting && $0.result == nil })
    }
}
