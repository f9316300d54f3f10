import Foundation
import Synchronization

/// How often deliveries were not proved since the start, by repository.
///
/// Names that are no repository's are counted as one, so that nobody fills the memory with names.
final class HookFailures: Sendable {
    struct Count: Equatable, Sendable {
        var failures = 0
        var lastAt: Date
    }

    private let counts = Mutex<[String: Count]>([:])
    /// Of repositories; more are counted with those that are not there.
    private static let namesMax = 10_000

    /// Counts one; without a repository it named none that takes any.
    func note(_ repository: String?, at now: Date) {
        counts.withLock { counts in
            let isKnown = repository.map { counts[$0] != nil || counts.count < Self.namesMax }
            let name = isKnown == true ? repository ?? "" : ""
            counts[name, default: Count(lastAt: now)].failures += 1
            counts[name]?.lastAt = now
        }
    }

    func count(of repository: String) -> Count? {
        counts.withLock { $0[repository] }
    }

    /// By name; the empty one stands for all that are no repository's.
    var all: [(repository: String, count: Count)] {
        counts.withLock { counts in
            counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }
}
