package import struct Foundation.Date

/// A queue in which jobs wait for a worker.
package struct QueueLength: Sendable {
    /// What its jobs need.
    package var labels: [String]
    package var jobs: Int
    package var oldestSince: Date

    package init(labels: [String], jobs: Int, oldestSince: Date) {
        self.labels = labels
        self.jobs = jobs
        self.oldestSince = oldestSince
    }
}
