import Foundation
import GRDB

/// The control database: one SQLite file with one writing connection and a few reading ones.
///
/// Only the writer checkpoints: SQLite before 3.51.3 may lose pages when a second connection
/// checkpoints while another writes, and the readers are opened read-only, which forbids them to.
package final class ControlDatabase: Sendable {
    let pool: DatabasePool
    private let writes: GroupCommit
    private let specs: SpecCache

    /// Opens or makes the file, checks it, and brings its tables up to date.
    ///
    /// - Parameter path: Of the file; its folder exists.
    /// - Throws: ``StorageError`` of code `corrupt` when the file is damaged, `other` when it is
    ///   no control database or one of a newer Slipway.
    package init(path: String) throws {
        do {
            pool = try Opening.pool(at: path)
        } catch {
            throw StorageError.translating(error)
        }
        specs = SpecCache()
        writes = GroupCommit(pool: pool, specs: specs)
    }

    /// Runs the verbs in a transaction and returns when what they did is on the disk.
    ///
    /// Closures that arrive while a commit is under way share the next one, each behind its own
    /// savepoint: one that throws undoes only itself. When a whole transaction fails, its
    /// closures run again one by one; a closure must therefore do nothing but call verbs.
    ///
    /// - Throws: What `body` throws, or ``StorageError``: `busy` when too many closures wait.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any ControlTransaction) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            writes.add(PendingWrite(body, answering: continuation))
        }
    }

    /// Runs the verbs that only read on one unchanging state of the database.
    ///
    /// The connection is read-only: a verb that writes throws.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any ControlTransaction) throws -> Value
    ) async throws -> Value {
        let specs = specs
        do {
            return try await pool.read { db in
                try body(SQLiteTransaction(db: db, specs: specs))
            }
        } catch {
            throw StorageError.translating(error)
        }
    }

    /// Waits for the writes that were accepted, and closes the file.
    package func close() throws {
        writes.close()
        do {
            // The writer's queue is in order: what was accepted before is committed by now. A
            // log that cannot be emptied for a reader's sake is read by the next start.
            pool.writeWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw StorageError.translating(error)
        }
    }
}
