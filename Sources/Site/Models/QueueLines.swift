package import Core

package import struct Foundation.Date

/// A queue whose jobs do not start, because somebody said so.
package struct QueuePauseLine: Equatable, Sendable {
    package var labels: [String]
    package var by: String
    package var reason: String?
    package var at: Date

    package init(labels: [String], by: String, reason: String? = nil, at: Date) {
        self.labels = labels
        self.by = by
        self.reason = reason
        self.at = at
    }
}

/// A build that something holds back.
package struct HeldLine: Equatable, Sendable {
    package var build: BuildLink
    package var pipeline: String
    /// The full ref; empty for a bare commit.
    package var ref: String
    package var author: String
    /// A sentence.
    package var reason: String
    /// When it goes on by itself; nil when that is not a matter of time.
    package var until: Date?
    package var since: Date
    /// Whether a person's word is enough.
    package var canBeginEarly: Bool

    package init(
        build: BuildLink,
        pipeline: String,
        ref: String,
        author: String,
        reason: String,
        until: Date? = nil,
        since: Date,
        canBeginEarly: Bool
    ) {
        self.build = build
        self.pipeline = pipeline
        self.ref = ref
        self.author = author
        self.reason = reason
        self.until = until
        self.since = since
        self.canBeginEarly = canBeginEarly
    }
}

/// A job that waits at a gate.
package struct GateLine: Equatable, Sendable {
    package var gate: Gate
    package var build: BuildLink

    package init(_ gate: Gate, of build: BuildLink) {
        self.gate = gate
        self.build = build
    }
}

/// A lock at one place: how much of it is taken, by whom, and who waits for it.
package struct LockLine: Equatable, Sendable {
    package var name: String
    /// Whose own it is, in words; empty: it is one for all.
    package var place: String
    package var capacity: Int
    package var taken: Int
    package var holders: [JobLink]
    /// In the order of their waiting.
    package var waiting: [JobLink]

    package init(
        name: String,
        place: String = "",
        capacity: Int,
        taken: Int,
        holders: [JobLink] = [],
        waiting: [JobLink] = []
    ) {
        self.name = name
        self.place = place
        self.capacity = capacity
        self.taken = taken
        self.holders = holders
        self.waiting = waiting
    }
}

/// The name of a job, and of its build.
package struct JobLink: Equatable, Sendable {
    package var id: JobID
    package var name: String
    package var build: BuildLink

    package init(id: JobID, name: String, build: BuildLink) {
        self.id = id
        self.name = name
        self.build = build
    }
}
