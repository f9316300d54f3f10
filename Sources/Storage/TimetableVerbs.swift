package import Core

package import struct Foundation.Date

/// The times at which pipelines of default branches start.
package protocol TimetableVerbs {
    /// The next first.
    func schedules(of repository: RepositoryID) throws -> [Schedule]
    /// Repositories whose default branch stands elsewhere than where their schedules were read;
    /// the commit is nil where the branch is gone.
    func unscheduled() throws -> [(repository: Repository, sha: String?)]
    /// Takes over the schedules of a commit; those that stay as they were keep their next time.
    func replaceSchedules(
        of repository: RepositoryID,
        with schedules: [Schedule],
        readFrom sha: String?
    ) throws
    /// Those whose time has come, the longest due first.
    func dueSchedules(limit: Int, at now: Date) throws -> [Schedule]
    /// Moves a due schedule on and starts its builds, once: nil, and nothing is done, when
    /// somebody moved it already. Without a next time it is removed.
    func fire(
        _ schedule: Schedule,
        next: Date?,
        starting builds: [BuildDraft],
        for change: Change,
        at now: Date
    ) throws -> [Build]?
    /// Nil when there is no schedule.
    func nextScheduleAt() throws -> Date?
}
