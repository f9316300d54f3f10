import Core
import Synchronization

/// Builds that look different because of what was done to another one, for whoever tells pages.
///
/// Only news: a transaction that is undone leaves a name here that nobody minds.
final class Ripples: Sendable {
    /// Beyond it nobody listens.
    private static let countMax = 1_000

    private let builds = Mutex<Set<BuildID>>([])

    func add(_ build: BuildID) {
        builds.withLock { builds in
            if builds.count < Self.countMax { builds.insert(build) }
        }
    }

    func take() -> Set<BuildID> {
        builds.withLock { builds in
            defer { builds = [] }
            return builds
        }
    }
}
