import GRDB
import Synchronization

/// Moves what the write-ahead log holds into the database file, between two commits.
///
/// It runs on the writing connection, after the callers were answered: nobody waits for it but
/// the next group.
final class Checkpointer: Sendable {
    /// Changed rows between two checkpoints: some megabytes of log.
    private static let changesBetween = 4_000
    /// Pages of 4 KiB; a longer log is made to begin anew, for which readers are waited for.
    private static let pagesMax = 16_384

    private let changesAtLast = Mutex(0)

    func tick(_ db: Database) {
        let changes = db.totalChangesCount
        let isDue = changesAtLast.withLock { last in
            guard changes - last >= Self.changesBetween else { return false }
            last = changes
            return true
        }
        guard isDue else { return }
        // A checkpoint that fails loses nothing: the log still holds it all, for the next one.
        guard let log = try? db.checkpoint(.passive), log.walFrameCount > Self.pagesMax else {
            return
        }
        _ = try? db.checkpoint(.restart)
    }
}
