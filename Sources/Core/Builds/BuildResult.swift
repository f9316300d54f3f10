/// How a step, job or build ended, from best to worst: Buildbot's seven.
///
/// `failure` is the tested code's, `exception` is our machinery's.
package enum BuildResult: String, CaseIterable, Sendable, Codable {
    case skipped
    case success
    case warnings
    case failure
    case exception
    case retry
    case cancelled

    private var rank: Int {
        switch self {
        case .skipped: 0
        case .success: 1
        case .warnings: 2
        case .failure: 3
        case .exception: 4
        case .retry: 5
        case .cancelled: 6
        }
    }

    /// Whether what depends on it may go on.
    package var isGreen: Bool {
        switch self {
        case .skipped, .success, .warnings: true
        case .failure, .exception, .retry, .cancelled: false
        }
    }
}

extension BuildResult: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// The worst result decides; nothing at all is skipped.
package func overall(_ results: some Sequence<BuildResult>) -> BuildResult {
    results.max() ?? .skipped
}
