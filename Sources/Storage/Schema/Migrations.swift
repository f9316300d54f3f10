import GRDB

/// How the control database came to its present shape.
///
/// A shipped migration is never edited and names no Swift type of ours: it describes the past.
/// All tables are strict; times are milliseconds since 1970 UTC; lists and specs are JSON text.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 repositories and their refs") { db in
            try db.execute(sql: repositories)
        }
        migrator.registerMigration("0002 builds and their jobs") { db in
            try db.execute(sql: builds + jobs)
        }
        migrator.registerMigration("0003 attempts, steps and artifacts") { db in
            try db.execute(sql: attempts + artifacts)
        }
        migrator.registerMigration("0004 workers, tokens and sessions") { db in
            try db.execute(sql: access)
        }
        migrator.registerMigration("0005 jobs of the whole language") { db in
            try db.execute(sql: wholeLanguage)
        }
        migrator.registerMigration("0006 deliveries, pull requests and tries") { db in
            try db.execute(sql: events + deliveries)
        }
        migrator.registerMigration("0007 builds that are held back") { db in
            try db.execute(sql: holds)
        }
        migrator.registerMigration("0008 tries that are held") { db in
            try db.execute(sql: trials)
        }
        migrator.registerMigration("0009 schedules, covers, groups and follow-ups") { db in
            try db.execute(sql: schedules + covers + groups + followUps)
        }
        migrator.registerMigration("0010 what jobs say to people") { db in
            try db.execute(sql: summaries)
        }
        migrator.registerMigration("0011 lanes, locks and gates") { db in
            try db.execute(sql: scheduling + gates)
        }
        migrator.registerMigration("0012 secrets of the server") { db in
            try db.execute(sql: secrets)
        }
        migrator.registerMigration("0013 held builds are listed") { db in
            try db.execute(sql: untimedHolds)
        }
        migrator.registerMigration("0014 pull requests are polled") { db in
            try db.execute(sql: pullRequestPolling)
        }
        return migrator
    }
}
