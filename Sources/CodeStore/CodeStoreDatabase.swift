import Core
import GRDB
import Synchronization

/// The database that holds blobs, releases, channels, the promotion log and nodes.
///
/// One connection writes, and it alone checkpoints: the others are opened read-only, and SQLite
/// before 3.51.3 can lose pages when two connections checkpoint. A write that was begun is carried
/// through even if its caller is cancelled, so that what is committed and what is remembered in
/// memory never part.
///
/// Verbs live in extensions, by noun: blobs, releases, channels, nodes.
package final class CodeStoreDatabase: Sendable {
    /// Writes that wait for the one connection; a caller beyond it is told to come back.
    private static let waitingMax = 4096

    let board = PointerBoard()
    let roster = NodeRoster()
    let claims = ChunkClaims()
    /// Manifests and small bundles; immutable, so never stale.
    let cache = ByteCache(byteLimit: 16 << 20)
    let singleFlight = SingleFlight()
    private let pool: DatabasePool
    private let gate = Mutex(Gate())

    /// Who may still write.
    private struct Gate {
        var waiting = 0
        var isClosed = false
    }

    /// Opens the database, making it or bringing it up to date where necessary.
    ///
    /// The folder of the path must exist. The database grows to `byteLimit` bytes at most, or as
    /// far
    /// as the disk lets it.
    package init(path: String, byteLimit: Int? = nil) throws {
        do {
            pool = try Opening.pool(at: path, byteLimit: byteLimit)
            let (states, nodes) = try pool.read { db in
                (try ChannelRows(db).states(), try NodeRows(db).all())
            }
            board.load(states)
            roster.load(nodes)
        } catch {
            throw CodeStoreError.translating(error)
        }
    }

    /// Waits for the writes that were accepted, and closes the file; what comes later fails.
    package func close() throws {
        let isClosed = gate.withLock { gate in
            defer { gate.isClosed = true }
            return gate.isClosed
        }
        guard !isClosed else { return }
        do {
            // A log that cannot be emptied for a reader's sake is read by the next start.
            pool.writeWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
            try pool.close()
        } catch {
            throw CodeStoreError.translating(error)
        }
    }

    /// Checks the whole file, and every chunk against its digest, however long it takes.
    ///
    /// Throws ``CodeStoreError/corrupt(_:)`` where it is damaged.
    package func checkThoroughly() async throws {
        try await read { db in try Opening.check(db) }
        var last: Int64? = 0
        while let id = last {
            try Task.checkCancellation()
            last = try await read { db in try ChunkReading(db).check(after: id, limit: 200) }
        }
    }

    /// Runs a read on a connection that cannot write.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw CodeStoreError.translating(error)
        }
    }

    /// Runs a write as one transaction, on the one connection that writes.
    ///
    /// `committed` is called after the commit and before the next write, on the writer's own
    /// thread.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        committed: @escaping @Sendable (Value) -> Void = { _ in }
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            // Under the lock, so that no write gets in line behind the closing of the file.
            let refusal = gate.withLock { gate -> CodeStoreError? in
                if gate.isClosed { return .failed("it is closed") }
                if gate.waiting >= Self.waitingMax { return .busy }
                gate.waiting += 1
                pool.asyncWriteWithoutTransaction { db in
                    self.gate.withLock { $0.waiting -= 1 }
                    let result = Result {
                        let value = try Self.transaction(in: db, body)
                        committed(value)
                        return value
                    }
                    continuation.resume(with: result.mapError(CodeStoreError.translating))
                }
                return nil
            }
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    private static func transaction<Value>(
        in db: Database,
        _ body: (Database) throws -> Value
    ) throws -> Value {
        try db.beginTransaction(.immediate)
        do {
            let value = try body(db)
            try db.commit()
            return value
        } catch {
            // A full disk may have ended it already.
            if db.isInsideTransaction { try db.rollback() }
            throw error
        }
    }
}
