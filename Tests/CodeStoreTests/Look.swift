import Foundation
import GRDB
import TestSupport

/// A look at the database file from outside, or a hand on it.
struct Look {
    private let queue: DatabaseQueue

    init(_ scratch: Scratch) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: scratch.path("store.db"), configuration: configuration)
    }

    func number(_ sql: String) throws -> Int {
        try queue.read { db in try Int.fetchOne(db, sql: sql) ?? 0 }
    }

    func text(_ sql: String) throws -> String {
        try queue.read { db in try String.fetchOne(db, sql: sql) ?? "" }
    }

    func texts(_ sql: String) throws -> [String] {
        try queue.read { db in try String.fetchAll(db, sql: sql) }
    }

    /// Does what no verb of the store does.
    func force(_ sql: String) throws {
        try queue.write { db in try db.execute(sql: sql) }
    }
}
