package import Core

package import struct Foundation.Date

/// Builds that start when another pipeline's build of the same commit has ended.
package protocol FollowUpVerbs {
    /// Ended builds that others may follow and that nobody has looked at, oldest first.
    func followUps(limit: Int) throws -> [Build]
    /// The pipelines whose builds led to this one, its own included: none of them follows again.
    func pipelines(leadingTo build: BuildID) throws -> Set<String>
    /// Starts the builds that follow, once: nil when somebody did already.
    func follow(
        _ build: BuildID,
        with drafts: [BuildDraft],
        for change: Change,
        at now: Date
    ) throws -> [Build]?
    /// The build whose end started this one.
    func upstream(of build: BuildID) throws -> BuildID?
}

/// Commits without a build of their own, and places in groups.
package protocol MergingVerbs {
    /// What the build answers for beside its own commit, newest first; at most 200.
    func covers(of build: BuildID) throws -> [CoveredCommit]
    /// The newer build that this one merged into.
    func coverer(of build: BuildID) throws -> BuildID?
    /// Live attempts of builds that were cancelled: their workers must end them.
    func cancelledAttempts() throws -> [AttemptID]
}
