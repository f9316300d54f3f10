package import Core

package import struct Foundation.Date

/// A worker as it last introduced itself.
package struct WorkerRow: Sendable, Equatable {
    package var name: String
    package var labels: [String]
    package var slots: Int
    package var version: String
    /// Ignored by `greet`, which never changes a person's decision.
    package var mode: WorkerMode
    package var lastSeenAt: Date
    /// Ignored by `greet`: what it says of itself is no proof that it works.
    package var health: WorkerHealth

    package init(
        name: String,
        labels: [String],
        slots: Int,
        version: String,
        mode: WorkerMode = .taking,
        lastSeenAt: Date,
        health: WorkerHealth = WorkerHealth()
    ) {
        self.name = name
        self.labels = labels
        self.slots = slots
        self.version = version
        self.mode = mode
        self.lastSeenAt = lastSeenAt
        self.health = health
    }
}
