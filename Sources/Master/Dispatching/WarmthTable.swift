import Core
import Storage
import Synchronization

/// What each worker ran lately: a preference, which a restart may forget.
final class WarmthTable: Sendable {
    private let workers = Mutex<[String: Warmth]>([:])

    /// By name of the worker.
    var all: [String: Warmth] { workers.withLock(\.self) }

    func note(_ attempts: [LiveAttempt]) {
        workers.withLock { workers in
            for live in attempts {
                workers[live.attempt.worker, default: Warmth()].note(
                    live.build.repository,
                    image: live.spec.firstImage
                )
            }
        }
    }
}
