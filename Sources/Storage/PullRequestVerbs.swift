package import Core

package import struct Foundation.Date

/// What was built of pull requests, and whose are let through.
package protocol PullRequestVerbs {
    /// Whether this very state was acted on.
    func isKnown(_ state: PullRequestState, of id: RepositoryID) throws -> Bool
    /// What was acted on last of one that is open.
    func pullRequest(_ number: Int, of id: RepositoryID) throws -> PullRequestState?
    /// Notes where a ref of one stands, so that looking at it again finds nothing new; nil: it is
    /// gone.
    func noteHead(_ ref: String, at sha: String?, of id: RepositoryID) throws
    /// Notes the state and starts the builds, once; nil: it was acted on already.
    func accept(
        _ change: Change,
        as state: PullRequestState,
        starting builds: [BuildDraft],
        at now: Date
    ) throws -> [Build]?
    /// Forgets one that was merged or given up.
    func forgetPullRequest(_ number: Int, of id: RepositoryID) throws
    /// Whether a person has let one of theirs through, for good.
    func isTrusted(_ contributor: Contributor, in id: RepositoryID) throws -> Bool
    /// Lets those of one contributor through from now on.
    func trust(_ contributor: Contributor, in id: RepositoryID, by actor: String, at now: Date)
        throws
}

/// What a pull request asks for: another commit or another target is another wish.
package struct PullRequestState: Equatable, Sendable {
    package var number: Int
    /// Its newest commit, as Git has it.
    package var head: String
    /// The branch it would be merged into.
    package var target: String

    package init(number: Int, head: String, target: String) {
        self.number = number
        self.head = head
        self.target = target
    }
}
