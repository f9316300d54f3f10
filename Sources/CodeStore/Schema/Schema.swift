import GRDB

/// The tables of the code store, as the migrations that make them.
///
/// A shipped migration is never edited and mentions no Swift type: it describes the past.
/// Times are milliseconds since 1970.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 blobs lie in chunks") { db in
            try db.execute(sql: blobsInChunks)
        }
        migrator.registerMigration("0002 units have releases") { db in
            try db.execute(sql: unitsAndReleases)
        }
        migrator.registerMigration("0003 promotions move channels") { db in
            try db.execute(sql: channelsAndPromotions)
        }
        migrator.registerMigration("0004 nodes report") { db in
            try db.execute(sql: nodes)
        }
        return migrator
    }
}
