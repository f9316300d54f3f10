package import struct Foundation.Date

/// The overview: how far the newest commit of each repository has come.
///
/// Without repositories it is the page that gives a newcomer the first commands to type.
package struct HomePage: Equatable, Sendable {
    package var repositories: [RepositoryWay]
    /// Column heads, in the order of promotion.
    package var channels: [String]
    /// The first few.
    package var running: [RunningJob]
    package var runningCount: Int
    /// The first few, unserved ones before the others.
    package var waiting: [QueuedJob]
    package var waitingCount: Int
    /// Newest first.
    package var promotions: [PromotionLine]
    package var unserved: [UnservedQueue]
    /// Workers that are connected; the empty server says so.
    package var workers: [WorkerGlance]
    /// Where this server answers, such as `http://127.0.0.1:8010`; part of commands to type.
    package var address: String

    package init(
        repositories: [RepositoryWay],
        channels: [String] = ["dev", "staging", "production"],
        running: [RunningJob] = [],
        runningCount: Int = 0,
        waiting: [QueuedJob] = [],
        waitingCount: Int = 0,
        promotions: [PromotionLine] = [],
        unserved: [UnservedQueue] = [],
        workers: [WorkerGlance] = [],
        address: String
    ) {
        self.repositories = repositories
        self.channels = channels
        self.running = running
        self.runningCount = runningCount
        self.waiting = waiting
        self.waitingCount = waitingCount
        self.promotions = promotions
        self.unserved = unserved
        self.workers = workers
        self.address = address
    }
}

/// One repository's row: its newest commit and the way it has gone.
package struct RepositoryWay: Equatable, Sendable {
    package var name: String
    package var defaultBranch: String
    /// Why the last fetch failed; nil after one that worked.
    package var fetchError: String?
    /// Of the default branch; nil before the first.
    package var newest: BuildGlance?
    /// Oldest first, at most 24.
    package var recent: [BuildBar]
    /// Nil where the repository's builds publish nothing.
    package var way: Way?

    package init(
        name: String,
        defaultBranch: String,
        fetchError: String? = nil,
        newest: BuildGlance? = nil,
        recent: [BuildBar] = [],
        way: Way? = nil
    ) {
        self.name = name
        self.defaultBranch = defaultBranch
        self.fetchError = fetchError
        self.newest = newest
        self.recent = recent
        self.way = way
    }
}

/// A set of labels that jobs ask for and no worker has.
package struct UnservedQueue: Equatable, Sendable {
    package var labels: [String]
    package var jobs: Int
    package var oldestSince: Date
    /// The last worker that had the labels.
    package var lastWorker: String?
    package var lastSeenAt: Date?

    package init(
        labels: [String],
        jobs: Int,
        oldestSince: Date,
        lastWorker: String? = nil,
        lastSeenAt: Date? = nil
    ) {
        self.labels = labels
        self.jobs = jobs
        self.oldestSince = oldestSince
        self.lastWorker = lastWorker
        self.lastSeenAt = lastSeenAt
    }
}

/// A connected worker in few words.
package struct WorkerGlance: Equatable, Sendable {
    package var name: String
    package var labels: [String]
    package var slots: Int

    package init(
        name: String,
        labels: [String],
        slots: Int
    ) {
        self.name = name
        self.labels = labels
        self.slots = slots
    }
}
