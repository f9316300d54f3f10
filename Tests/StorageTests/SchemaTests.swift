import Core
import Foundation
import GRDB
import Testing

@testable import Storage

@Suite struct SchemaTests {
    /// A change of the schema is seen in review; `SLIPWAY_GOLDEN=write` writes the file anew.
    @Test func `the schema is the one on record`() async throws {
        let golden = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "schema.sql")
        let schema = try await Scratch.with { scratch in
            try await scratch.database.pool.read { db in
                try String.fetchAll(
                    db,
                    sql: """
                        SELECT sql FROM sqlite_schema
                        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                        ORDER BY tbl_name, type = 'table' DESC, name
                        """
                )
            }
        }
        let text = schema.map { $0 + ";\n" }.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["SLIPWAY_GOLDEN"] == "write" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(try text == String(contentsOf: golden, encoding: .utf8))
    }

    @Test func `jobs from before the whole language are as they were`() throws {
        let queue = try DatabaseQueue()
        try Migrations.all.migrate(queue, upTo: "0004 workers, tokens and sessions")
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO repository (id, name, url, defaultBranch, pollInterval, createdAt)
                    VALUES (1, 'shop', '/srv/shop', 'main', 60, 0);
                    INSERT INTO build (id, repository, number, pipeline, event, ref, sha, message,
                        author, reason, state, startedAt, createdAt)
                    VALUES (1, 1, 1, 'main', 'push', '', '01', '', '', '', 'running', 1, 0);
                    INSERT INTO job (id, build, name, needs, condition, labels, allowFailure,
                        stepCount, spec, state, waitingReason, fence, attempts, since)
                    VALUES (7, 1, 'test', '[]', 'always', '[]', 0, 1, '{}', 'running', 'x', 3, 1, 0);
                    INSERT INTO attempt (id, job, number, worker, fence, state, offeredAt)
                    VALUES (5, 7, 1, 'anvil', 3, 'offered', 0);
                    """
            )
        }
        try Migrations.all.migrate(queue)
        try queue.read { db in
            let job = try #require(try Row.fetchOne(db, sql: "SELECT * FROM job"))
            #expect(job["id"] == 7)
            #expect(job["key"] == "test")
            #expect(job["condition"] == "always")
            #expect(job["fence"] == 3)
            #expect(try Int.fetchOne(db, sql: "SELECT job FROM attempt") == 7)
            #expect(try String.fetchOne(db, sql: "SELECT event FROM build WHERE id = 1") == "push")
            #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty)
            let sequence = "SELECT seq FROM sqlite_sequence WHERE name = 'job'"
            #expect(try Int.fetchOne(db, sql: sequence) == 7)
        }
    }

    @Test func `every table is strict`() async throws {
        try await Scratch.with { scratch in
            let loose = try await scratch.text(
                """
                SELECT group_concat(name) FROM pragma_table_list
                WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'
                    AND name <> 'grdb_migrations'
                """
            )
            #expect(loose == nil)
        }
    }

    /// Each of these is what a mistake in a verb would do; the tables refuse it by themselves.
    @Test(arguments: [
        ("UPDATE build SET result = 'failure' WHERE number = 1", "a finished build"),
        (
            "UPDATE build SET state = 'waiting', result = NULL, finishedAt = NULL WHERE number = 1",
            "a finished build"
        ),
        (
            "UPDATE build SET state = 'waiting', startedAt = NULL WHERE number = 2",
            "does not wait again"
        ),
        (
            "UPDATE build SET state = 'finished', result = 'success', finishedAt = 1 WHERE number = 2",
            "ends after its jobs"
        ),
        ("UPDATE build SET state = 'running' WHERE number = 3", "CHECK"),
        ("UPDATE build SET result = 'success' WHERE number = 3", "CHECK"),
        ("UPDATE build SET number = 1 WHERE number = 3", "does not change"),
        ("UPDATE build SET sha = 'x' WHERE number = 1", "does not change"),
        (
            "INSERT INTO build SELECT 99, repository, 3, pipeline, event, ref, sha, message, author, "
                + "reason, problems, state, result, createdAt, startedAt, finishedAt, cancelledBy, "
                + "retryOf, settings, versionTag, versionDistance, 0, NULL, NULL, NULL "
                + "FROM build WHERE number = 3",
            "UNIQUE"
        ),
        ("UPDATE job SET result = 'failure' WHERE name = 'done'", "a finished job"),
        (
            "UPDATE job SET state = 'ready', result = NULL, finishedAt = NULL, waitingReason = '' "
                + "WHERE name = 'done'", "a finished job"
        ),
        ("UPDATE job SET fence = fence - 1 WHERE name = 'live'", "only grows"),
        ("UPDATE job SET attempts = 0 WHERE name = 'live'", "only grows"),
        ("UPDATE job SET spec = '{}' WHERE name = 'idle'", "does not change"),
        ("UPDATE job SET state = 'paused' WHERE name = 'idle'", "CHECK"),
        ("UPDATE job SET state = 'finished' WHERE name = 'idle'", "CHECK"),
        ("UPDATE job SET waitingReason = NULL WHERE name = 'idle'", "CHECK"),
        (
            "UPDATE job SET state = 'finished', result = 'success', finishedAt = 1, "
                + "waitingReason = NULL WHERE name = 'live'", "with a live attempt"
        ),
        (
            "UPDATE attempt SET state = 'running', result = NULL, endedAt = NULL WHERE "
                + "state = 'finished'", "an ended attempt"
        ),
        (
            "UPDATE attempt SET state = 'offered', acceptedAt = NULL WHERE state = 'running'",
            "not offered again"
        ),
        ("UPDATE attempt SET fence = 9 WHERE state = 'running'", "does not change"),
        (
            "INSERT INTO attempt (job, number, worker, fence, state, offeredAt) "
                + "SELECT id, 2, 'x', fence, 'offered', 1 FROM job WHERE name = 'live'", "UNIQUE"
        ),
        (
            "INSERT INTO attempt (job, number, worker, fence, state, offeredAt) "
                + "SELECT id, 1, 'x', fence + 1, 'offered', 1 FROM job WHERE name = 'idle'",
            "the fence of its job"
        ),
        ("UPDATE step SET result = 'failure' WHERE state = 'finished'", "a finished step"),
        ("UPDATE step SET state = 'waiting' WHERE state = 'running'", "only goes forward"),
        ("UPDATE step SET logLength = 0 WHERE state = 'running'", "only goes forward"),
        ("UPDATE step SET state = 'finished' WHERE state = 'running'", "CHECK"),
        ("UPDATE artifact SET digest = 'x'", "does not change"),
        ("UPDATE repository SET buildsMade = 0", "only grow"),
        ("UPDATE job SET since = 'noon' WHERE name = 'idle'", "cannot store TEXT"),
        (
            "INSERT INTO artifact (job, name, digest, files, bytes, createdAt) "
                + "VALUES (999, 'a', 'd', 1, 1, 1)", "FOREIGN KEY"
        ),
    ])
    func `the tables refuse`(mistake: String, because: String) async throws {
        try await Scratch.with { scratch in
            try await fill(scratch)
            let error = await #expect(throws: DatabaseError.self) {
                try await scratch.execute(mistake)
            }
            #expect(error?.message?.contains(because) == true, "\(error?.message ?? "nothing")")
        }
    }

    /// Build 1 has ended, build 2 runs with one step under way, build 3 waits.
    private func fill(_ scratch: Scratch) async throws {
        let id = try await scratch.addRepository().id
        _ = try await scratch.start([.named("done")], in: id)
        let done = try await scratch.dispatch().only
        var step = try initialSteps(of: done.spec).first.known
        step.state = .finished
        step.result = .success
        try await scratch.accept(done)
        try await scratch.finish(done, steps: [step], artifacts: [.named("app")])
        _ = try await scratch.start([.named("live")], in: id)
        let live = try await scratch.dispatch().only
        try await scratch.accept(live)
        step.state = .running
        step.result = nil
        step.logLength = 5
        try await scratch.write { [step] tx in
            try tx.record([step], of: live.attempt.id, fence: live.attempt.fence, at: noon)
        }
        _ = try await scratch.start([.named("idle")], in: id)
    }
}
