package import Core
import Foundation
import GRDB
import Synchronization

/// The control database: one SQLite file with one writing connection and a few reading ones.
///
/// Only the writer checkpoints: SQLite before 3.51.3 may lose pages when one connection does so
/// while another writes. The readers open the file for reading only and could not if they tried.
package final class ControlDatabase: Sendable {
    let pool: DatabasePool
    /// Nil once the file is closed.
    private let lock: Mutex<FileLock?>
    private let writes: GroupCommit
    private let specs: SpecCache
    private let ripples = Ripples()

    /// Opens or makes the file, checks it, and brings its tables up to date.
    ///
    /// A file of more than 16 MiB is opened unchecked: call ``verify()`` after the start.
    ///
    /// - Parameter path: Of the file; its folder exists.
    /// - Throws: ``StorageError`` of code `corrupt` when the file is damaged, `other` when it is
    ///   no control database or one of a newer Slipway, `busy` when another process uses it.
    package init(path: String) throws {
        let lock = try FileLock(for: path)
        do {
            pool = try Opening.pool(at: path)
        } catch {
            throw StorageError.translating(error)
        }
        self.lock = Mutex(lock)
        specs = SpecCache()
        writes = GroupCommit(pool: pool, specs: specs, ripples: ripples)
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
        _ body: @Sendable (any ControlTransaction) throws -> Value
    ) async throws -> Value {
        let (specs, ripples) = (specs, ripples)
        do {
            return try await pool.read { db in
                try body(SQLiteTransaction(db: db, specs: specs, ripples: ripples))
            }
        } catch {
            throw StorageError.translating(error)
        }
    }

    /// The same on the caller's own thread: for a few rows, which are read sooner than another
    /// thread is woken.
    ///
    /// The connection is read-only: a verb that writes throws.
    package func glance<Value>(_ body: (any ControlTransaction) throws -> Value) throws -> Value {
        do {
            return try pool.read { db in
                try body(SQLiteTransaction(db: db, specs: specs, ripples: ripples))
            }
        } catch {
            throw StorageError.translating(error)
        }
    }

    /// Builds that look different, since one last asked, because of what was done to others: they
    /// merged, were cancelled by a newer one, or got its place.
    package func takeTouched() -> Set<BuildID> { ripples.take() }

    /// Looks at every page for damage, table by table so that no read lasts long.
    ///
    /// Takes seconds per 100,000 builds: for after the start, in the background.
    ///
    /// - Throws: ``StorageError`` of code `corrupt`.
    package func verify() async throws {
        do {
            let tables = try await pool.read { db in
                try db.all(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                ) { $0[0] as String }
            }
            for table in tables {
                try await pool.read { db in try Opening.check(db, table: table) }
            }
        } catch {
            throw StorageError.translating(error)
        }
    }

    /// Waits for the writes that were accepted, and closes the file; once.
    package func close() throws {
        guard writes.close() else { return }
        do {
            // The writer's queue is in order: what was accepted before is committed by now. A
            // log that cannot be emptied for a reader's sake is read by the next start.
            pool.writeWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
            try pool.close()
            lock.withLock { $0 = nil }
        } catch {
            throw StorageError.translating(error)
        }
    }
}
