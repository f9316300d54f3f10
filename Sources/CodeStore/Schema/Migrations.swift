import GRDB

/// How the code store's database came to its present shape.
///
/// A shipped migration is never edited and names no Swift type of ours: it describes the past.
/// All tables are strict; times are milliseconds since 1970 UTC.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 blobs lie in chunks") { db in
            try db.execute(sql: blobs)
        }
        migrator.registerMigration("0002 units have releases") { db in
            try db.execute(sql: releases)
        }
        migrator.registerMigration("0003 promotions move channels") { db in
            try db.execute(sql: channels)
        }
        migrator.registerMigration("0004 nodes report") { db in
            try db.execute(sql: nodes)
        }
        return migrator
    }
}
