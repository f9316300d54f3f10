import Core
import GRDB

/// The verbs on one open transaction of SQLite.
///
/// One file per group of verbs. A value is good only inside the closure it was given to.
struct SQLiteTransaction: ControlTransaction {
    let db: Database
    let specs: SpecCache
    let ripples: Ripples

    /// Runs a verb that writes more than one row: all of it or nothing.
    ///
    /// A caller may catch what a verb threw and go on with the next one; half a verb must not
    /// be committed then.
    func atomically<Value>(_ body: () throws -> Value) throws -> Value {
        try db.run("SAVEPOINT verb")
        do {
            let value = try body()
            try db.run("RELEASE verb")
            return value
        } catch {
            // A full disk may have ended the whole transaction, savepoint included.
            if db.isInsideTransaction {
                try db.run("ROLLBACK TO verb")
                try db.run("RELEASE verb")
            }
            throw StorageError.translating(error)
        }
    }
}
