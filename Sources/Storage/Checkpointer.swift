import GRDB
import Glibc
import Synchronization

/// Moves what the write-ahead log holds into the database file, between two commits.
///
/// It runs on the writing connection, after the callers were answered: nobody waits for it but
/// the next group.
final class Checkpointer: Sendable {
    /// Bytes the log's file is cut to when it begins anew, so that a longer one is in use.
    static let length = 4 << 20
    /// Bytes that make a checkpoint due sooner.
    private static let lengthDue = 2 * length
    /// Bytes; a longer log is made to begin anew, for which readers are waited for.
    private static let lengthMax = 16 * length
    /// Transactions that make a checkpoint due: it costs two `fsync`, each of them one.
    private static let commitsDue = 64
    /// Transactions between two looks at the length.
    private static let commitsBetweenLooks = 8
    /// Milliseconds that readers are waited for; in vain is no harm, it is tried again.
    private static let patience = 250

    private let path: String
    /// Since the last checkpoint.
    private let commits = Mutex(0)

    /// - Parameter path: Of the database.
    init(path: String) {
        self.path = path + "-wal"
    }

    func tick(_ db: Database) {
        let length = lengthIfDue()
        guard let length else { return }
        // A checkpoint that fails loses nothing: the log still holds it all, for the next one.
        _ = try? db.checkpoint(.passive)
        guard length > Self.lengthMax else { return }
        try? db.execute(sql: "PRAGMA busy_timeout = \(Self.patience)")
        _ = try? db.checkpoint(.restart)
        try? db.execute(sql: "PRAGMA busy_timeout = \(Opening.patience)")
    }

    private func lengthIfDue() -> Int? {
        commits.withLock { commits in
            commits += 1
            guard commits.isMultiple(of: Self.commitsBetweenLooks) else { return nil }
            let length = logLength
            guard commits >= Self.commitsDue || length > Self.lengthDue else { return nil }
            commits = 0
            return length
        }
    }

    private var logLength: Int {
        // Foundation's way looks the owner's name up as well.
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
