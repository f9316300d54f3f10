package import Core

package import struct Foundation.Date

/// A queue whose jobs do not start, because somebody said so.
package struct PausedQueue: Sendable {
    /// What its jobs need.
    package var labels: [String]
    package var pause: QueuePause
    package var pausedAt: Date

    package init(labels: [String], pause: QueuePause, pausedAt: Date) {
        self.labels = labels
        self.pause = pause
        self.pausedAt = pausedAt
    }
}
