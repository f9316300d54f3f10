package import struct Foundation.Date

/// What waits, and why.
package struct QueuePage: Equatable, Sendable {
    /// Unserved ones first.
    package var queues: [QueueSection]
    /// Jobs that need no worker yet and stand in no other list: they wait for jobs of their build.
    package var blockedCount: Int
    package var runningCount: Int
    package var pauses: [QueuePauseLine]
    /// Builds that something holds back: the soonest to go on first.
    package var held: [HeldLine]
    /// Whether more are held than are listed.
    package var hasMoreHeld: Bool
    /// Those that have waited longest first.
    package var gates: [GateLine]
    package var locks: [LockLine]

    package init(
        queues: [QueueSection],
        blockedCount: Int = 0,
        runningCount: Int = 0,
        pauses: [QueuePauseLine] = [],
        held: [HeldLine] = [],
        hasMoreHeld: Bool = false,
        gates: [GateLine] = [],
        locks: [LockLine] = []
    ) {
        self.queues = queues
        self.blockedCount = blockedCount
        self.runningCount = runningCount
        self.pauses = pauses
        self.held = held
        self.hasMoreHeld = hasMoreHeld
        self.gates = gates
        self.locks = locks
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
