package import struct Foundation.Date

/// A worker as the dispatcher sees it.
package struct WorkerSnapshot: Equatable, Sendable {
    package var name: String
    package var labels: Set<String>
    package var slots: Int
    /// Slots that no job holds.
    package var freeSlots: Int
    /// Set by a person: takes no new jobs.
    package var isPaused: Bool
    /// Whether it dialled in lately.
    package var isPresent: Bool
    /// Nil: nobody knows.
    package var lastSeenAt: Date?
    /// Whether it is waiting for work right now, so that an assignment reaches it.
    package var isAsking: Bool
    /// Left alone for a while, because its machinery failed again and again.
    package var isQuarantined: Bool
    /// Why it says itself that it takes no jobs.
    package var trouble: String?
    /// What it ran lately, which it has at hand.
    package var warmth: Warmth

    package init(
        name: String,
        labels: Set<String>,
        slots: Int,
        freeSlots: Int,
        isPaused: Bool,
        isPresent: Bool,
        isAsking: Bool,
        isQuarantined: Bool = false,
        trouble: String? = nil,
        warmth: Warmth = Warmth(),
        lastSeenAt: Date? = nil
    ) {
        self.name = name
        self.labels = labels
        self.slots = slots
        self.freeSlots = freeSlots
        self.isPaused = isPaused
        self.isPresent = isPresent
        self.isAsking = isAsking
        self.isQuarantined = isQuarantined
        self.trouble = trouble
        self.warmth = warmth
        self.lastSeenAt = lastSeenAt
    }
}

/// What a worker ran lately: its source, and the image, are there already.
package struct Warmth: Equatable, Sendable {
    /// Newest last.
    package private(set) var repositories: [RepositoryID] = []
    /// Newest last.
    package private(set) var images: [String] = []

    package init() {}

    /// What is remembered of a worker, of each kind.
    package static let countMax = 16

    /// Notes that the worker was given a job.
    package mutating func note(_ repository: RepositoryID, image: String) {
        Self.note(repository, in: &repositories)
        if !image.isEmpty { Self.note(image, in: &images) }
    }

    private static func note<Value: Equatable>(_ value: Value, in values: inout [Value]) {
        if values.last == value { return }
        values.removeAll { $0 == value }
        values.append(value)
        if values.count > countMax { values.removeFirst() }
    }

    /// How much of a job is at hand; the source weighs more than the image.
    func degree(of repository: RepositoryID, image: String) -> Int {
        (repositories.contains(repository) ? 2 : 0) + (images.contains(image) ? 1 : 0)
    }
}
