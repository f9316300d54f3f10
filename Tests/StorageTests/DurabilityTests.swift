import Core
import Foundation
import GRDB
import Testing

@testable import Storage

@Suite struct DurabilityTests {
    @Test func `the writer is set to keep what it acknowledges`() async throws {
        try await Scratch.with(isDurable: true) { scratch in
            let settings = try await scratch.database.pool.writeWithoutTransaction { db in
                try [
                    "journal_mode", "synchronous", "foreign_keys", "trusted_schema",
                    "cell_size_check", "busy_timeout", "application_id",
                ].map { try String.fetchOne(db, sql: "PRAGMA \($0)") }
            }
            #expect(settings == ["wal", "2", "1", "0", "1", "10000", "1936484720"])
        }
    }

    @Test func `a reader can neither write nor checkpoint`() async throws {
        try await Scratch.with { scratch in
            let error = await #expect(throws: StorageError.self) {
                try await scratch.read { tx in
                    _ = try tx.addRepository(.named("shop"), at: noon)
                }
            }
            #expect(error?.message.contains("readonly") == true)
            _ = try await scratch.addRepository()
            let file = URL(filePath: scratch.path)
            let before = try Data(contentsOf: file)
            await #expect(throws: DatabaseError.self) {
                try await scratch.database.pool.unsafeRead { db in
                    _ = try db.checkpoint(.passive)
                }
            }
            #expect(try Data(contentsOf: file) == before)
        }
    }

    @Test func `what was acknowledged is there after a crash and the rest is not`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.addRepository("kept")
            // What lies on the disk in the middle of a transaction is what a crash leaves.
            let crashed = scratch.folder.appending(path: "crashed.db").path
            let path = scratch.path
            try await scratch.write { tx in
                for number in 0..<2_000 {
                    _ = try tx.addRepository(.named("lost\(number)"), at: noon)
                }
                for suffix in ["", "-wal"] {
                    try FileManager.default.copyItem(
                        atPath: path + suffix,
                        toPath: crashed + suffix
                    )
                }
            }
            let reopened = try ControlDatabase(path: crashed)
            let names = try await reopened.read { tx in try tx.repositories().map(\.name) }
            #expect(names == ["kept"])
            try reopened.close()
        }
    }

    @Test func `a reopened database goes on where it was`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start([.named("test")])
            let offer = try await scratch.dispatch().only
            try await scratch.accept(offer)
            try scratch.database.close()
            let again = Scratch(
                folder: scratch.folder,
                database: try ControlDatabase(path: scratch.path)
            )
            let live = try await again.read { tx in try tx.liveAttempts() }.only
            #expect(live.attempt.id == offer.attempt.id)
            try await again.finish(offer)
            #expect(try await again.build(build.id).result == .success)
            try again.database.close()
        }
    }

    @Test func `a full disk is named, loses nothing and ends when there is space`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.addRepository("kept")
            try await scratch.limitPages { count in count + 2 }
            let error = await #expect(throws: StorageError.self) {
                try await scratch.write { tx in
                    for number in 0..<5_000 {
                        _ = try tx.addRepository(.named("r\(number)"), at: noon)
                    }
                }
            }
            #expect(error?.code == .full)
            #expect(try await scratch.rows(in: ["repository"]) == 1)
            try await scratch.limitPages { _ in 1_000_000 }
            _ = try await scratch.addRepository("later")
            #expect(try await scratch.rows(in: ["repository"]) == 2)
        }
    }

    @Test func `a closure too big for the disk takes no neighbour with it`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.addRepository("shop")
            try await scratch.limitPages { count in count + 40 }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let rows = number % 20 == 0 ? 20_000 : 1
                        do {
                            try await scratch.write { tx in
                                for row in 0..<rows {
                                    let name = "r\(number)-\(row)"
                                    _ = try tx.addRepository(.named(name), at: noon)
                                }
                            }
                            return true
                        } catch {
                            #expect((error as? StorageError)?.code == .full)
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 57)
            #expect(try await scratch.rows(in: ["repository"]) == 58)
        }
    }

    @Test func `a second process is kept out until the first has closed`() async throws {
        try await Scratch.with { scratch in
            let error = #expect(throws: StorageError.self) {
                _ = try ControlDatabase(path: scratch.path)
            }
            #expect(error?.code == .busy)
            try scratch.database.close()
            try ControlDatabase(path: scratch.path).close()
        }
    }

    @Test func `a damaged file is refused with what to do`() async throws {
        try await Scratch.with { scratch in
            for number in 0..<500 { _ = try await scratch.addRepository("r\(number)") }
            try scratch.database.close()
            let file = try FileHandle(forUpdating: URL(filePath: scratch.path))
            let length = try file.seekToEnd()
            for page in stride(from: UInt64(4_096), to: length, by: 4_096) {
                try file.seek(toOffset: page)
                try file.write(contentsOf: Data(repeating: 0xA5, count: 64))
            }
            try file.close()
            let error = #expect(throws: StorageError.self) {
                _ = try ControlDatabase(path: scratch.path)
            }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains("restore a backup") == true)
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await Scratch.with { scratch in
            let path = scratch.folder.appending(path: "text.db").path
            try String(repeating: "not a database ", count: 1_000)
                .write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: StorageError.self) { _ = try ControlDatabase(path: path) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func `the database of another program is left as it is`() async throws {
        try await Scratch.with { scratch in
            let path = scratch.folder.appending(path: "other.db").path
            try DatabaseQueue(path: path).write { db in
                try db.execute(sql: "CREATE TABLE theirs (id INTEGER)")
            }
            let before = try Data(contentsOf: URL(filePath: path))
            let error = #expect(throws: StorageError.self) { _ = try ControlDatabase(path: path) }
            #expect(error?.message.contains("another program") == true)
            #expect(try Data(contentsOf: URL(filePath: path)) == before)
        }
    }

    @Test func `the database of a newer Slipway is refused`() async throws {
        try await Scratch.with { scratch in
            try await scratch.execute("INSERT INTO grdb_migrations VALUES ('9999 the future')")
            try scratch.database.close()
            let error = #expect(throws: StorageError.self) {
                _ = try ControlDatabase(path: scratch.path)
            }
            #expect(error?.message.contains("newer Slipway") == true)
        }
    }

    @Test func `a whole database passes the inspection`() async throws {
        try await Scratch.with { scratch in
            _ = try await scratch.start([.named("test")])
            try await scratch.database.verify()
        }
    }

    @Test func `the log of writes stays bounded however much is written`() async throws {
        try await Scratch.with { scratch in
            let repository = try await scratch.addRepository().id
            let error = String(repeating: "no route to host ", count: 20_000)
            for _ in 0..<80 {
                try await scratch.write { tx in
                    try tx.recordFetch(of: repository, error: error, at: noon)
                }
            }
            #expect(try walLength(scratch.path) <= 16 << 20)
        }
    }

    @Test func `only the owner may read the file`() async throws {
        try await Scratch.with { scratch in
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    private func walLength(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "-wal")
        return try (attributes[.size] as? Int).known
    }
}

extension Scratch {
    fileprivate func limitPages(_ limit: @escaping @Sendable (Int) -> Int) async throws {
        try await database.pool.writeWithoutTransaction { db in
            let count = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(limit(count))")
        }
    }
}
