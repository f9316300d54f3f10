import Foundation
import GRDB

/// How the file of the code store is opened.
enum Opening {
    /// "slcs" in ASCII: what makes a SQLite file ours.
    private static let applicationID: Int32 = 0x736C_6373
    /// Bytes the write-ahead log shrinks to when it begins anew.
    private static let logLimit = 64 << 20
    /// Rows of a table that the check at the start looks through: some hundredths of a second.
    private static let checkedRowsMax = 100_000

    static func pool(at path: String, byteLimit: Int?) throws -> DatabasePool {
        try makeFile(at: path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL, with which an acknowledged write may vanish.
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA journal_size_limit = \(logLimit);
                    """
            )
            try limit(db, to: byteLimit)
            try check(db)
        }
        try Migrations.all.migrate(pool)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        return pool
    }

    /// What is in the store is for those the master lets in; SQLite gives its other files the same
    /// permissions.
    private static func makeFile(at path: String) throws {
        if FileManager.default.fileExists(atPath: path) { return }
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else {
            throw CodeStoreError.failed(
                "\(path) cannot be made; is its folder there and writable?"
            )
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "code store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA mmap_size = 0;
                    PRAGMA temp_store = MEMORY;
                    """
            )
            guard !db.configuration.readonly else { return }
            // Before anything is written: a file of another program stays as it is.
            let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
            guard id == applicationID || isEmpty else {
                throw CodeStoreError.failed(
                    "the file is a database of another program; choose another data folder"
                )
            }
        }
        return configuration
    }

    private static func limit(_ db: Database, to byteLimit: Int?) throws {
        guard let byteLimit else { return }
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
        try db.execute(sql: "PRAGMA max_page_count = \(max(1, byteLimit / pageSize))")
    }

    /// Looks for damage in the tables that decide what runs where.
    ///
    /// Blobs are left out: they are most of the file, and whoever reads one checks its digest.
    private static func check(_ db: Database) throws {
        guard try !Migrations.all.hasBeenSuperseded(db) else {
            throw CodeStoreError.failed("it was made by a newer Slipway; run that one")
        }
        for table in ["unit", "release", "channel", "promotion"] where try db.tableExists(table) {
            let rows = try db.number("SELECT max(rowid) FROM \(table)") ?? 0
            if rows <= checkedRowsMax { try check(db, table: table) }
        }
    }

    /// Throws ``CodeStoreError/corrupt(_:)`` where a table, or anything if none is named, is
    /// damaged.
    static func check(_ db: Database, table: String? = nil) throws {
        let argument = table.map { "('\($0)')" } ?? ""
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check\(argument)")
        guard finding == "ok" else { throw CodeStoreError.corrupt(finding ?? "no answer") }
    }
}
