package import Core

/// A lock as the API shows it: how much there is of it, and who holds it.
package struct LockMessage: Codable, Sendable, Equatable {
    package struct Holder: Codable, Sendable, Equatable {
        package var job: Int64
        /// Repository, build and job, in words.
        package var title: String
        /// Nil: all of it.
        package var units: Int?
        package var worker: String

        package init(job: Int64, title: String, units: Int?, worker: String) {
            self.job = job
            self.title = title
            self.units = units
            self.worker = worker
        }
    }

    package var name: String
    /// `master`, `worker`, or `repository` for the lock of a channel.
    package var scope: String
    /// Set where one worker has another capacity than the others.
    package var worker: String?
    package var capacity: Int
    package var holders: [Holder]

    package init(
        name: String,
        scope: String,
        worker: String? = nil,
        capacity: Int,
        holders: [Holder] = []
    ) {
        self.name = name
        self.scope = scope
        self.worker = worker
        self.capacity = capacity
        self.holders = holders
    }
}

/// Body of `PUT /api/v1/locks/{name}`.
package struct LockCapacityMessage: Codable, Sendable {
    package var capacity: Int
    /// Nil: `master`.
    package var scope: LockScope?
    package var worker: String?

    package init(capacity: Int, scope: LockScope? = nil, worker: String? = nil) {
        self.capacity = capacity
        self.scope = scope
        self.worker = worker
    }
}

/// Body of `POST /api/v1/queue/pause` and `…/resume`.
package struct QueuePauseMessage: Codable, Sendable {
    /// The queue: what its jobs need; nil or empty: those that need nothing special.
    package var labels: [String]?
    package var reason: String?

    package init(labels: [String]?, reason: String? = nil) {
        self.labels = labels
        self.reason = reason
    }
}
