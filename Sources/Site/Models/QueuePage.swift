package import struct Foundation.Date

/// What waits, and why.
package struct QueuePage: Equatable, Sendable {
    /// Unserved ones first.
    package var queues: [QueueSection]
    /// Jobs that wait for other jobs of their build, and need no worker yet.
    package var blockedCount: Int
    package var runningCount: Int

    package init(
        queues: [QueueSection],
        blockedCount: Int = 0,
        runningCount: Int = 0
    ) {
        self.queues = queues
        self.blockedCount = blockedCount
        self.runningCount = runningCount
    }
}

/// The waiting jobs that need the same labels.
package struct QueueSection: Equatable, Sendable {
    package var labels: [String]
    /// Connected workers that have the labels.
    package var workers: Int
    package var slots: Int
    package var slotsBusy: Int
    /// Where no worker serves it: the last that did.
    package var lastWorker: String?
    package var lastSeenAt: Date?
    /// Oldest first.
    package var jobs: [QueuedJob]

    package init(
        labels: [String],
        workers: Int,
        slots: Int,
        slotsBusy: Int,
        lastWorker: String? = nil,
        lastSeenAt: Date? = nil,
        jobs: [QueuedJob]
    ) {
        self.labels = labels
        self.workers = workers
        self.slots = slots
        self.slotsBusy = slotsBusy
        self.lastWorker = lastWorker
        self.lastSeenAt = lastSeenAt
        self.jobs = jobs
    }
}
