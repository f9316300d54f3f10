import GRDB
import GRDBSQLite
import Synchronization

@testable import Storage

extension Scratch {
    /// How many instructions SQLite runs for the body on the writing connection: what it costs on
    /// any machine.
    func steps(_ body: () async throws -> Void) async throws -> Int {
        let count = StepCount()
        try await database.pool.writeWithoutTransaction { db in
            let pointer = Unmanaged.passUnretained(count).toOpaque()
            sqlite3_progress_handler(
                db.sqliteConnection,
                1,
                { count in
                    count.map { Unmanaged<StepCount>.fromOpaque($0).takeUnretainedValue().add() }
                        ?? 0
                },
                pointer
            )
        }
        try await body()
        try await database.pool.writeWithoutTransaction { db in
            sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
        }
        return count.value
    }
}

private final class StepCount: Sendable {
    private let steps = Atomic(0)

    var value: Int { steps.load(ordering: .relaxed) }

    /// SQLite goes on when it is told zero.
    func add() -> Int32 {
        steps.add(1, ordering: .relaxed)
        return 0
    }
}
