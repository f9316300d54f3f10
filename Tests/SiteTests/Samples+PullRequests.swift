import Core

@testable import Site

extension Samples {
    /// A build that waits for the time somebody named, which a person may end.
    static let laterBuild: BuildPage = {
        var page = heldBuild
        page.event = .manual
        page.ref = "refs/heads/main"
        page.reason = "Started by Mira Okafor"
        page.isHeldForApproval = false
        page.canBeginEarly = true
        page.jobs[0].isUnserved = false
        page.jobs[0].waitingReason = "It was asked for no sooner than 2025-11-20 18:00 UTC."
        return page
    }()

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
