import CodeStore
import Core
import Foundation
import TestSupport
import Testing

@Suite struct LogTests {
    @Test func `the log is numbered without gaps across units`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...2)
            try await store.publish("1", ["a": "x"], unit: "other")
            let log = try await store.promotions(LogQuery(order: .after(0)))
            #expect(log.map(\.rev) == Array(1...7))
            #expect(log.last?.unit == "other")
            #expect(zip(log, log.dropFirst()).allSatisfy { $0.hash == $1.previousHash })
            #expect(log.first?.previousHash == .zero)
        }
    }

    @Test func `the log is read in pages, from either end`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...3)
            let newest = try await store.promotions(LogQuery(limit: 2))
            #expect(newest.map(\.rev) == [9, 8])
            let next = try await store.promotions(LogQuery(order: .before(8), limit: 2))
            #expect(next.map(\.rev) == [7, 6])
            let query = LogQuery(unit: "shop", channel: "staging", order: .after(2), limit: 5)
            #expect(try await store.promotions(query).map(\.rev) == [5, 8])
            #expect(try await store.promotions(LogQuery(unit: "nobody")) == [])
        }
    }

    @Test func `an untouched log is intact`() async throws {
        try await withStore { store, _ in
            #expect(try await store.verifyLog() == .intact(rows: 0, head: .zero))
            try await store.ship(1...3)
            let head = try #require(try await store.promotions(LogQuery()).first?.hash)
            #expect(try await store.verifyLog() == .intact(rows: 9, head: head))
        }
    }

    @Test func `anyone can check the chain`() async throws {
        try await withStore { store, _ in
            try await store.ship(1...1)
            let log = try await store.promotions(LogQuery(order: .after(0)))
            let zeros = [UInt8](repeating: 0, count: 32)
            let first = try #require(log.first)
            let to = try #require(first.to?.digest.hex)
            let row =
                #"{"actor":"build:1482","at":1800000000000,"channel":"dev","from":null,"#
                + #""kind":"promote","reason":"published","rev":1,"to":"\#(to)","unit":"shop"}"#
            #expect(first.hash == digest(zeros + Array(row.utf8)))
        }
    }

    @Test(arguments: [
        ("UPDATE promotion SET reason = 'nothing' WHERE rev = 4", 4, "changed"),
        ("UPDATE promotion SET actor = 'person:eve' WHERE rev = 9", 9, "changed"),
        ("DELETE FROM promotion WHERE rev = 5", 6, "gone"),
        ("UPDATE promotion SET previousHash = zeroblob(32) WHERE rev = 2", 2, "follow"),
        ("UPDATE channel SET releaseId = 1 WHERE name = 'production'", 9, "stand"),
    ])
    func `a log that was written over is found out`(
        sql: String,
        rev: Int,
        word: String
    ) async throws {
        try await withStore { store, scratch in
            try await store.ship(1...3)
            let look = try Look(scratch)
            for trigger in try look.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try look.force("DROP TRIGGER \(trigger)")
            }
            try look.force("PRAGMA foreign_keys = OFF")
            try look.force(sql)
            guard case .broken(let found, let problem) = try await store.verifyLog() else {
                Issue.record("nobody noticed")
                return
            }
            #expect(found == Int64(rev))
            #expect(problem.contains(word))
        }
    }
}

@Suite struct SchemaTests {
    @Test(arguments: [
        "UPDATE promotion SET reason = 'x'", "DELETE FROM promotion",
        "UPDATE release SET version = '9'", "UPDATE release SET notes = 'x'", "DELETE FROM release",
        "UPDATE entry SET mode = 493", "DELETE FROM entry",
        "INSERT INTO path(text) VALUES ('new'); INSERT INTO entry SELECT 1, last_insert_rowid(), 420, 1",
        "UPDATE blob SET size = 9", "UPDATE blob SET sha256 = zeroblob(32)",
        "UPDATE chunk SET data = x'00'", "UPDATE blobChunk SET start = 1",
        "DELETE FROM blob", "UPDATE unit SET name = 'x'", "DELETE FROM unit", "DELETE FROM channel",
        "UPDATE channel SET name = 'x'", "UPDATE channel SET rev = 1",
        "UPDATE channel SET releaseId = NULL", "UPDATE channel SET rank = 0",
        "UPDATE release SET rejection = 'x' WHERE id = 1",
        "UPDATE release SET rejection = NULL, rejectedBy = NULL, rejectedAt = NULL WHERE id = 2",
        "INSERT INTO blob(sha256, size, touchedAt) VALUES (x'00', 1, 1)",
        "INSERT INTO channel(unitId, name, rank, policy) VALUES (1, 'qa', 1, '{}')",
        "INSERT INTO channel(unitId, name, rank, policy) VALUES (1, 'dev', 9, '{}')",
        "INSERT INTO channel(unitId, name, rank, policy) VALUES (1, '2', 9, '{}')",
        """
        INSERT INTO promotion SELECT rev + 10, channelId, kind, toReleaseId, toReleaseId, actor,
            reason, NULL, at, hash, randomblob(32) FROM promotion WHERE rev = 6
        """,
        """
        INSERT INTO promotion SELECT 8, channelId, kind, toReleaseId, toReleaseId, actor,
            reason, NULL, at, randomblob(32), randomblob(32) FROM promotion WHERE rev = 6
        """,
        """
        INSERT INTO promotion SELECT 8, channelId, 'promote', 1, 1, actor,
            reason, NULL, at, (SELECT hash FROM promotion WHERE rev = 7), randomblob(32)
            FROM promotion WHERE rev = 6
        """,
        """
        INSERT INTO promotion SELECT 8, channelId, 'promote', toReleaseId, 3, actor,
            reason, NULL, at, (SELECT hash FROM promotion WHERE rev = 7), randomblob(32)
            FROM promotion WHERE rev = 6
        """,
    ])
    func `the database itself refuses what must not be`(sql: String) async throws {
        try await withStore { store, scratch in
            try await store.ship(1...2)
            try await store.publish("1", ["a": "other"], unit: "other")
            try await store.reject(.version("2"), of: "shop", because: "x", by: mira, at: dawn)
            let look = try Look(scratch)
            #expect(throws: (any Error).self) { try look.force(sql) }
            #expect(try await store.verifyLog() != .broken(rev: 0, problem: ""))
            guard case .intact(rows: 7, _) = try await store.verifyLog() else {
                Issue.record("the log was touched by: \(sql)")
                return
            }
        }
    }

    @Test func `the schema is the one that is written down`() async throws {
        try await withStore { _, scratch in
            let tables = try Look(scratch).texts(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY 1"
            )
            #expect(
                tables == [
                    "blob", "blobChunk", "channel", "chunk", "entry", "node", "path", "pin",
                    "promotion", "release", "unit",
                ]
            )
            let loose = try Look(scratch).texts(
                """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND sql NOT LIKE '%STRICT%' AND name NOT LIKE 'grdb%'
                """
            )
            #expect(loose == [])
        }
    }
}
