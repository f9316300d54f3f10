import Core
import Foundation
import Testing

@Suite struct TrialTests {
    @Test func `a try has a ref of its own that names the person and the branch`() {
        let ref = Ref.trial(by: "alice", of: "topic/new")
        #expect(ref == "refs/try/alice/topic/new")
        #expect(Ref.triedBranch(ref) == "topic/new")
        #expect(Ref.branch(ref) == nil)
    }

    @Test func `a name with a slash takes no place of a branch`() {
        let ref = Ref.trial(by: "a/../b é", of: nil)
        #expect(ref == "refs/try/a----b---/HEAD")
        #expect(Ref.triedBranch(ref) == "HEAD")
        #expect(Ref.trial(by: "a", of: "x\ny z") == "refs/try/a/x-y-z")
        #expect(Ref.trial(by: "a", of: String(repeating: "x", count: 999)).utf8.count == 266)
        #expect(Ref.triedBranch("refs/heads/main") == nil)
        #expect(Ref.triedBranch("refs/try/alice") == nil)
    }

    @Test func `a try starts what a push or a pull request would`() {
        func obstacle(_ triggers: Triggers, _ branch: String) -> NoTrigger? {
            let change = Change(
                repository: RepositoryID(1),
                event: .trial,
                ref: Ref.trial(by: "alice", of: branch),
                before: nil,
                commit: Commit(
                    sha: String(repeating: "0", count: 40),
                    message: "",
                    author: "Ada",
                    authorEmail: "",
                    committedAt: .distantPast
                ),
                actor: "alice"
            )
            return Core.obstacle(triggers, for: change, changedPaths: ["docs/a.md"])
        }
        let onMain = PushTrigger(branches: GlobList(["main"]))
        #expect(obstacle(Triggers(push: onMain), "main") == nil)
        #expect(obstacle(Triggers(push: onMain), "topic") == .branch("topic"))
        let offered = Triggers(push: onMain, pullRequest: PullRequestTrigger())
        #expect(obstacle(offered, "topic") == nil)
        #expect(obstacle(Triggers(manual: ManualTrigger()), "main") == .event(.trial))
        let sources = PushTrigger(paths: GlobList(["Sources/**"]))
        #expect(obstacle(Triggers(push: sources), "main") == .paths)
    }

    @Test func `nothing of a try is released, whoever builds it again`() {
        func obstacle(_ event: Event, _ ref: String, isTried: Bool = false) -> Bool {
            let build = Build(
                id: BuildID(1),
                repository: RepositoryID(1),
                repositoryName: "shop",
                number: 1,
                pipeline: "main",
                event: event,
                ref: ref,
                sha: "",
                message: "",
                author: "",
                reason: "",
                state: .running,
                createdAt: .distantPast
            )
            return build.releaseObstacle(isTried: isTried) != nil
        }
        for event in Event.allCases {
            #expect(obstacle(event, "refs/heads/main") == (event == .trial))
            #expect(obstacle(event, Ref.trial(by: "alice", of: "main")))
            #expect(obstacle(event, "", isTried: true))
        }
    }
}
