import Dispatch
import GRDB
import Synchronization

extension CodeStoreDatabase {
    /// How long the check at the start may take before it is given up, in milliseconds.
    private static let quickCheckMilliseconds = 250

    /// Looks for damage in the tables that decide what runs where.
    ///
    /// Blobs are left out: they are most of the file, and every read of them is checked by digest
    /// on the node.
    func checkQuickly() throws {
        let isOver = Mutex(false)
        let deadline = DispatchWorkItem { [pool] in
            // Under the lock, so that the interrupt never hits what runs after the check.
            isOver.withLock { isOver in
                if !isOver { pool.interrupt() }
            }
        }
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(Self.quickCheckMilliseconds),
            execute: deadline
        )
        defer {
            isOver.withLock { $0 = true }
            deadline.cancel()
        }
        try pool.writeWithoutTransaction { db in
            for table in ["unit", "channel", "promotion", "release"] where try db.tableExists(table)
            {
                do {
                    try Self.check(table, in: db)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
                    return
                }
            }
        }
    }

    /// Checks the whole file, however long it takes.
    ///
    /// Throws ``CodeStoreError/corrupt(_:)`` where it is damaged.
    package func checkThoroughly() async throws {
        try await read { db in try Self.check(nil, in: db) }
    }

    private static func check(_ table: String?, in db: Database) throws {
        let argument = table.map { "('\($0)')" } ?? ""
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check\(argument)")
        if let verdict, verdict != "ok" { throw CodeStoreError.corrupt(verdict) }
    }
}
