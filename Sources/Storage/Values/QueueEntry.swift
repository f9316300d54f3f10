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
    package var reason: String
    package var since: Date

    package init(
        job: JobID,
        name: String,
        labels: [String],
        build: BuildID,
        repository: String,
        number: Int,
        reason: String,
        since: Date
    ) {
        self.job = job
        self.name = name
        self.labels = labels
        self.build = build
        self.repository = repository
        self.number = number
        self.reason = reason
        self.since = since
    }
}
