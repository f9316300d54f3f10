package import Core

package import struct Foundation.Date

/// A job that waits.
package struct QueueEntry: Sendable {
    package var job: JobID
    package var name: String
    package var labels: [String]
    package var build: BuildID
    package var repository: String
    package var number: Int
    /// The build's full ref; empty for a bare commit.
    package var ref: String
    package var author: String
    package var reason: String
    package var since: Date
    /// Whether it waits for other jobs of its build, and not yet for a worker.
    package var isBlocked: Bool
    /// 0 is the usual one.
    package var priority: Int
    package var repositoryID: RepositoryID
    /// What it will take while it runs.
    package var locks: [LockDemand]

    package init(
        job: JobID,
        name: String,
        labels: [String],
        build: BuildID,
        repository: String,
        number: Int,
        ref: String,
        author: String,
        reason: String,
        since: Date,
        isBlocked: Bool,
        priority: Int,
        repositoryID: RepositoryID,
        locks: [LockDemand]
    ) {
        self.job = job
        self.name = name
        self.labels = labels
        self.build = build
        self.repository = repository
        self.number = number
        self.reason = reason
        self.ref = ref
        self.author = author
        self.since = since
        self.isBlocked = isBlocked
        self.priority = priority
        self.repositoryID = repositoryID
        self.locks = locks
    }
}
