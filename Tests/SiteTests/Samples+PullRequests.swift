import Core

@testable import Site

extension Samples {
    /// An outsider's pull request, before anybody said that it may run.
    static let heldBuild: BuildPage = {
        var page = brokenBuild
        page.event = .pullRequest
        page.ref = "refs/pull/7/merge"
        page.reason = "Pull request #7 by grace into main"
        page.standing = .waiting
        page.finishedAt = nil
        page.problems = []
        page.isHeldForApproval = true
        var test = waitingReplay
        test.needs = []
        test.isUnserved = true
        test.waitingReason = "Somebody who may start builds must approve it."
        page.jobs = [test]
        return page
    }()

    /// A pull request that its target has moved away from.
    static let conflictBuild: BuildPage = {
        var page = brokenBuild
        page.event = .pullRequest
        page.ref = "refs/pull/8/merge"
        page.reason = "Pull request #8 by grace into main"
        page.hasConflict = true
        page.problems = [
            Problem(
                path: "a.txt",
                line: 0,
                column: 0,
                message: "both sides changed it: merge or rebase onto main, and push again"
            )
        ]
        return page
    }()

    /// A repository whose forge tells of pushes.
    static let toldRepository: RepositoryPage = {
        var page = repository
        page.deliveries = [
            DeliveryRow(
                forge: "GitHub",
                summary: "pull request #7 was opened",
                outcome: nil,
                receivedAt: ago(2)
            ),
            DeliveryRow(
                forge: "GitLab",
                summary: "push to main, not to be built",
                outcome: "fetched; ci.skip starts no builds",
                receivedAt: ago(90)
            ),
        ]
        return page
    }()
}
