package import struct Foundation.Date

/// Waiting jobs that the dispatcher need not tell apart: of one repository, with the same labels
/// and the same locks.
///
/// Of a lane it sees only the first few jobs, so that a decision costs what it gives out and not
/// what waits.
package struct Lane: Equatable, Sendable {
    package var repository: RepositoryID
    package var labels: [String]
    package var locks: [LockDemand]
    /// The first in line, in ``LaneJob``'s order; at least one where there are locks.
    package var jobs: [LaneJob]
    /// Whether others wait behind `jobs`.
    package var hasMore: Bool
    /// Why nobody may start any of them now.
    package var pause: QueuePause?

    package init(
        repository: RepositoryID,
        labels: [String] = [],
        locks: [LockDemand] = [],
        jobs: [LaneJob],
        hasMore: Bool = false,
        pause: QueuePause? = nil
    ) {
        self.repository = repository
        self.labels = labels
        self.locks = locks
        self.jobs = jobs
        self.hasMore = hasMore
        self.pause = pause
    }
}

/// A job that may start, as the dispatcher sees it.
package struct LaneJob: Equatable, Sendable {
    package var id: JobID
    /// Where it stands in line, as ``rank(since:priority:)`` says: smaller goes first.
    package var rank: Date
    /// The image of its first step; empty: it has none.
    package var image: String

    package init(id: JobID, rank: Date, image: String = "") {
        self.id = id
        self.rank = rank
        self.image = image
    }
}

extension LaneJob: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.rank, left.id) < (right.rank, right.id)
    }
}

/// Who decided that the jobs of a queue do not start, and why.
package struct QueuePause: Equatable, Sendable {
    package var by: String
    package var reason: String?

    package init(by: String, reason: String? = nil) {
        self.by = by
        self.reason = reason
    }
}

/// Decides where a job stands in line.
///
/// A point of priority is worth a minute of waiting. So a job that waits grows older than any
/// younger one of higher priority, and the order of two jobs never changes while they wait: it
/// can be an index.
package func rank(since: Date, priority: Int) -> Date {
    let points = min(max(priority, -priorityMax), priorityMax)
    return since.addingTimeInterval(-secondsPerPoint * Double(points))
}

/// What a point of priority is worth.
package let secondsPerPoint = 60.0

/// At most a week's advance.
package let priorityMax = 10_000

/// What pipelines, and people who start builds by hand, may ask for: about 16 hours either way.
///
/// One range for both: whoever may start builds gets no further ahead than whoever may push.
package let priorities = -1_000...1_000
