package import Core

package import struct Foundation.Date

/// Commits that only tries hold in the mirrors.
package protocol TrialVerbs {
    /// Notes that a commit is held for its tries, before it is.
    func noteTrial(_ sha: String, of id: RepositoryID, at now: Date) throws
    /// Those noted before the date whose builds have all ended before it, oldest first.
    func spentTrials(before date: Date, limit: Int) throws -> [Trial]
    /// Notes that the commit of one is not held any more.
    func releaseTrial(_ trial: Trial, at now: Date) throws
    /// Whether a commit came with a try, and no build says that it was pushed.
    func isTried(_ sha: String, of id: RepositoryID) throws -> Bool
}

/// A commit that is held for its tries.
package struct Trial: Equatable, Sendable {
    package var repository: String
    package var sha: String
    /// Whether other builds need the commit as well: it was pushed later.
    package var isPushed: Bool

    package init(repository: String, sha: String, isPushed: Bool = false) {
        self.repository = repository
        self.sha = sha
        self.isPushed = isPushed
    }
}
