import Docker
import Logging
import Synchronization

/// Whether the engine sees this machine's files, as far as it has shown.
///
/// Nobody asks it beforehand: the first container that cannot be given a folder of ours tells.
final class EngineSharing: Sendable {
    private let logger: Logger
    private let known = Mutex(false)

    init(logger: Logger) {
        self.logger = logger
    }

    /// Whether the engine is known to see none of our files.
    var isApart: Bool { known.withLock { $0 } }

    /// Notes it, and says it once.
    func noteApart() {
        let isNew = known.withLock { known in
            defer { known = true }
            return !known
        }
        guard isNew else { return }
        logger.notice(
            """
            the Docker engine does not see this machine's files: \
            workspaces are copied there and back, which makes each step slower
            """
        )
    }
}
