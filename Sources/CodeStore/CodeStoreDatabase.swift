import Core
import Dispatch
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
    let pool: DatabasePool
    let board = PointerBoard()
    let roster = NodeRoster()
    let claims = ChunkClaims()
    /// Manifests and small bundles; immutable, so never stale.
    let cache = ByteCache(byteLimit: 16 << 20)
    let sharedWork = SharedWork()

    /// Opens the database, making it or bringing it up to date where necessary.
    ///
    /// The folder of the path must exist. The database grows to `byteLimit` bytes at most, or as far
    /// as the disk lets it.
    package init(path: String, byteLimit: Int? = nil) throws {
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration)
            // GRDB turns `synchronous` down when it switches to WAL; acknowledged means durable.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try Self.limit(db, to: byteLimit)
            }
            try checkQuickly()
            try Self.migrate(pool)
            board.load(try pool.read { db in try ChannelRows(db).states() })
            roster.load(try pool.read { db in try NodeRows(db).all() })
        } catch {
            throw CodeStoreError.wrapping(error)
        }
    }

    /// Closes every connection; whatever is asked afterwards fails.
    package func close() throws {
        try pool.close()
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "code store"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA trusted_schema = OFF;
                    PRAGMA journal_size_limit = 67108864;
                    """
            )
        }
        return configuration
    }

    private static func limit(_ db: Database, to byteLimit: Int?) throws {
        guard let byteLimit else { return }
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
        try db.execute(sql: "PRAGMA max_page_count = \(max(1, byteLimit / pageSize))")
    }

    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = Schema.migrator
        if try pool.read(migrator.hasBeenSuperseded) {
            throw CodeStoreError.failed(
                "store.db was written by a newer Slipway; start that version, or restore a backup"
            )
        }
        try migrator.migrate(pool)
    }
}

extension CodeStoreDatabase {
    /// Runs a read on a connection that cannot write.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw CodeStoreError.wrapping(error)
        }
    }

    /// Runs a write as one transaction, on the one connection that writes.
    ///
    /// `committed` is called after the commit and before the next write, on the writer's own thread.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        committed: @escaping @Sendable (Value) -> Void = { _ in }
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                do {
                    let value = try Self.transaction(in: db, body)
                    committed(value)
                    continuation.resume(returning: value)
                } catch {
                    continuation.resume(throwing: CodeStoreError.wrapping(error))
                }
            }
        }
    }

    private static func transaction<Value>(
        in db: Database,
        _ body: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try db.inTransaction(.immediate) {
            value = try body(db)
            return .commit
        }
        guard let value else { preconditionFailure("a committed transaction has a value") }
        return value
    }
}
