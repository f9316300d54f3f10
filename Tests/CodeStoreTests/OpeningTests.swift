import Core
import Foundation
import GRDB
import TestSupport
import Testing

@testable import CodeStore

@Suite struct OpeningTests {
    @Test func `the writer is durable and alone, and readers cannot write`() async throws {
        try await withStore { store, _ in
            let writer = try await store.write { db in
                [
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try String.fetchOne(db, sql: "PRAGMA synchronous"),
                    try String.fetchOne(db, sql: "PRAGMA foreign_keys"),
                    try String.fetchOne(db, sql: "PRAGMA trusted_schema"),
                    try String.fetchOne(db, sql: "PRAGMA busy_timeout"),
                ]
            }
            #expect(writer == ["wal", "2", "1", "0", "10000"])
            // A connection that cannot write cannot checkpoint either.
            await #expect(throws: CodeStoreError.self) {
                try await store.read { db in
                    try db.execute(sql: "CREATE TABLE intruder(a)")
                }
            }
            await #expect(throws: CodeStoreError.self) {
                try await store.read { db in _ = try db.checkpoint(.passive) }
            }
        }
    }

    @Test func `what was there is there again`() async throws {
        try await withScratch { scratch in
            var store = try CodeStoreDatabase(path: scratch.path("store.db"))
            try await store.ship(1...2)
            let pointers = ["dev", "staging", "production"].map {
                store.pointer(unit: "shop", channel: $0)
            }
            try store.close()
            store = try CodeStoreDatabase(path: scratch.path("store.db"))
            for (channel, pointer) in zip(["dev", "staging", "production"], pointers) {
                #expect(store.pointer(unit: "shop", channel: channel) == pointer)
            }
            try await store.checkThoroughly()
            try store.close()
        }
    }

    @Test func `the file is nobody else's to read`() async throws {
        try await withStore { _, scratch in
            let attributes = try FileManager.default.attributesOfItem(
                atPath: scratch.path("store.db")
            )
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a full store says so, and goes on when there is room`() async throws {
        try await withStore(byteLimit: 1 << 20) { store, _ in
            let small = try await store.put(noise(100_000, seed: 1), at: dawn)
            await #expect(throws: CodeStoreError.full) {
                try await store.put(noise(3_000_000, seed: 2), at: dawn)
            }
            #expect(try await store.missing([small], at: dawn) == [])
            try await store.publish("1", ["a": "x"])
            #expect(store.pointer(unit: "shop", channel: "dev")?.version == "1")
        }
    }

    @Test func `a file that is no database is refused in clear words`() async throws {
        try await withScratch { scratch in
            try scratch.write(String(repeating: "no database ", count: 1000), to: "store.db")
            let error = #expect(throws: CodeStoreError.self) {
                try CodeStoreDatabase(path: scratch.path("store.db"))
            }
            #expect(error?.description.contains("restore") == true)
        }
    }

    @Test func `a damaged page is found at the start`() async throws {
        try await withScratch { scratch in
            let store = try CodeStoreDatabase(path: scratch.path("store.db"))
            try await store.ship(1...30)
            try store.close()
            let look = try Look(scratch)
            let page = try look.number(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'promotion'"
            )
            let file = try FileHandle(forUpdating: scratch.url.appendingPathComponent("store.db"))
            try file.seek(toOffset: UInt64((page - 1) * 4096))
            try file.write(contentsOf: Data(repeating: 0xAA, count: 4096))
            try file.close()
            let error = #expect(throws: CodeStoreError.self) {
                try CodeStoreDatabase(path: scratch.path("store.db"))
            }
            #expect(error?.description.contains("damaged") == true)
        }
    }

    @Test func `a flipped bit in a blob is noticed by who reads it`() async throws {
        try await withStore { store, scratch in
            let bytes = noise(100_000, seed: 1)
            let text = Array(String(repeating: "shop ", count: 1000).utf8)
            for (chunk, blob) in [
                ("codec = 0", try await store.put(bytes, at: dawn)),
                ("codec = 1", try await store.put(text, at: dawn)),
            ] {
                let look = try Look(scratch)
                try await store.checkThoroughly()
                try look.force("DROP TRIGGER IF EXISTS chunkNeverChanges")
                let before = try look.text("SELECT hex(data) FROM chunk WHERE \(chunk) LIMIT 1")
                let after = String(before.dropLast()) + (before.last == "0" ? "1" : "0")
                try look.force("UPDATE chunk SET data = x'\(after)' WHERE data = x'\(before)'")
                for read in [
                    { _ = try await store.bytes(of: blob).collect(upTo: 1 << 20) },
                    { try await store.checkThoroughly() },
                ] {
                    let error = await #expect(throws: CodeStoreError.self) { try await read() }
                    #expect(error?.description.contains("damaged") == true)
                }
                try look.force("UPDATE chunk SET data = x'\(before)' WHERE data = x'\(after)'")
            }
        }
    }

    @Test func `another program's database is left alone`() async throws {
        try await withScratch { scratch in
            try Look(scratch).force("CREATE TABLE invoice(id)")
            #expect(throws: CodeStoreError.self) {
                try CodeStoreDatabase(path: scratch.path("store.db"))
            }
            #expect(try Look(scratch).texts("SELECT name FROM sqlite_schema") == ["invoice"])
        }
    }

    @Test func `a newer Slipway's store is refused`() async throws {
        try await withScratch { scratch in
            try CodeStoreDatabase(path: scratch.path("store.db")).close()
            try Look(scratch).force("INSERT INTO grdb_migrations VALUES ('9999 the future')")
            let error = #expect(throws: CodeStoreError.self) {
                try CodeStoreDatabase(path: scratch.path("store.db"))
            }
            #expect(error?.description.contains("newer Slipway") == true)
        }
    }

    @Test func `a write goes on though its caller was cancelled`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let entry = try await store.entry("a", [2])
            let draft = ReleaseDraft(unit: "shop", version: "2", entries: [entry])
            let publication = Task { try await store.publish(draft, by: build, at: dawn) }
            publication.cancel()
            _ = try? await publication.value
            let version = store.pointer(unit: "shop", channel: "dev")?.version
            let newest = try await store.releases(of: "shop").first?.version
            // Published or not: memory and disk tell the same.
            #expect(version == newest)
        }
    }
}
