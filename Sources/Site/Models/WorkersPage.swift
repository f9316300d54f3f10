package import struct Foundation.Date

/// The workers: their slots, what each runs, when each was last seen.
package struct WorkersPage: Equatable, Sendable {
    /// Those that need a look first.
    package var workers: [WorkerLine]
    package var waitingCount: Int
    /// Where this server answers, such as `http://127.0.0.1:8010`; part of the command to type.
    package var address: String

    package init(
        workers: [WorkerLine],
        waitingCount: Int = 0,
        address: String
    ) {
        self.workers = workers
        self.waitingCount = waitingCount
        self.address = address
    }
}

/// One worker.
package struct WorkerLine: Equatable, Sendable {
    package enum Presence: Sendable {
        /// Connected and taking jobs.
        case ready
        /// Connected; a person told it to take no new jobs.
        case paused
        /// Connected; finishes what it runs, then leaves.
        case draining
        case away
    }

    package var name: String
    package var labels: [String]
    package var slots: Int
    package var presence: Presence
    package var seenAt: Date?
    /// Of its program, such as `0.1.0`.
    package var version: String?
    package var jobs: [RunningJob]
    /// Waiting jobs that no other worker could run.
    package var waitingForIt: Int
    /// Set while it is left alone, because its machinery failed again and again.
    package var quarantinedUntil: Date?
    /// What failed last.
    package var failure: String?
    /// Why it takes no jobs, in its own words.
    package var trouble: String?

    package init(
        name: String,
        labels: [String],
        slots: Int,
        presence: Presence,
        seenAt: Date? = nil,
        version: String? = nil,
        jobs: [RunningJob] = [],
        waitingForIt: Int = 0,
        quarantinedUntil: Date? = nil,
        failure: String? = nil,
        trouble: String? = nil
    ) {
        self.name = name
        self.labels = labels
        self.slots = slots
        self.presence = presence
        self.seenAt = seenAt
        self.version = version
        self.jobs = jobs
        self.waitingForIt = waitingForIt
        self.quarantinedUntil = quarantinedUntil
        self.failure = failure
        self.trouble = trouble
    }
}
