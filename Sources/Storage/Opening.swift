import Foundation
import GRDB

/// How the file of the control database is opened.
enum Opening {
    /// "slip" in ASCII: what makes a SQLite file ours.
    private static let applicationID: Int32 = 0x736C_6970
    /// Milliseconds to wait for a lock that another process holds.
    static let patience = 10_000
    /// Bytes; a larger file is checked by ``ControlDatabase/verify()``, after the start.
    private static let checkedAtStartMax = 16 << 20

    static func pool(at path: String) throws -> DatabasePool {
        try makeFile(at: path)
        let pool = try DatabasePool(path: path, configuration: configuration(of: path))
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL, with which an acknowledged write may vanish.
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA journal_size_limit = \(Checkpointer.length);
                    """
            )
            try check(db, path: path)
        }
        try Migrations.all.migrate(pool)
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.checkpoint(.passive)
        }
        return pool
    }

    /// It holds digests of tokens; SQLite gives its other files the same permissions.
    private static func makeFile(at path: String) throws {
        if FileManager.default.fileExists(atPath: path) { return }
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else {
            throw StorageError(
                .other,
                "The control database \(path) cannot be made: is its folder there and writable?"
            )
        }
    }

    private static func configuration(of path: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = path
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(patience) / 1_000)
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
                throw StorageError(
                    .other,
                    "This file is a database of another program: choose another data folder."
                )
            }
        }
        return configuration
    }

    private static func check(_ db: Database, path: String) throws {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        if pages * pageSize <= checkedAtStartMax { try check(db) }
        guard try !Migrations.all.hasBeenSuperseded(db) else {
            throw StorageError(
                .other,
                "The control database \(path) was made by a newer Slipway: run that one."
            )
        }
    }

    /// Looks at every page of a table and its indexes, or of the whole file.
    static func check(_ db: Database, table: String? = nil) throws {
        let scope = table.map { "'\($0)'" } ?? "1"
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(\(scope))")
        guard finding == "ok" else {
            throw StorageError(
                .corrupt,
                "The control database is damaged (\(finding ?? "no answer")): stop Slipway, "
                    + "move \(db.configuration.label ?? "") away and restore a backup."
            )
        }
    }
}
