import Core
import GRDB
import Storage
import Synchronization
import Testing

@testable import Storage

@Suite struct DelayTests {
    /// A plan that looks no row of theirs up costs the same with one of them and a million.
    @Test func `builds for later cost the dispatcher and the keeper of times nothing`() async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            for second in 0..<50 {
                let time = BuildHold.time(until: after(1_000 + Double(second)))
                _ = try await scratch.start(held: [time], in: id)
            }
            let soon = try await scratch.start([.named("soon")], in: id)
            let plans = try await scratch.plans {
                let release = try await scratch.write { try $0.liftDue(limit: 200, at: after(10)) }
                #expect(release.builds.isEmpty)
                #expect(try await scratch.write { try $0.nextHoldEnd() } == after(1_000))
                #expect(try await scratch.dispatch().map(\.build.id) == [soon.id])
            }
            #expect(plans.contains { $0.contains("holdByEnd") })
            #expect(plans.contains { $0.contains("jobReady") })
            for plan in plans where plan.hasPrefix("SCAN") {
                // Reasons of lanes and pauses of queues: no row of theirs is a held build's.
                let isBounded = ["jobReady", "holdByEnd", "CONSTANT", "lane", "queuePause"]
                    .contains { plan.contains($0) }
                #expect(isBounded, "\(plan)")
            }
        }
    }

    @Test func `what was asked for later stands behind what waits now`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            for _ in 0..<3 {
                _ = try await scratch.start(held: [.time(until: after(1_000))], in: id)
            }
            let soon = try await scratch.start([.named("soon")], in: id, at: after(5))
            let first = try await scratch.read { try $0.queue(limit: 1) }.only
            #expect(first.build == soon.id)
        }
    }
}

extension Scratch {
    /// How SQLite finds the rows of every question that the body puts to the writing connection.
    fileprivate func plans(_ body: () async throws -> Void) async throws -> [String] {
        let seen = Mutex<Set<String>>([])
        try await database.pool.writeWithoutTransaction { db in
            db.trace { event in
                guard case .statement(let statement) = event else { return }
                _ = seen.withLock { $0.insert(statement.sql) }
            }
        }
        try await body()
        return try await database.pool.writeWithoutTransaction { db in
            db.trace(options: [])
            return try seen.withLock { $0 }.sorted().filter { $0.hasPrefix("SELECT") }
                .flatMap { sql in
                    let plan = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                    let count = sql.count { $0 == "?" }
                    let blanks = Array(repeating: DatabaseValue.null, count: count)
                    try? plan.setArguments(StatementArguments(blanks))
                    return try Row.fetchAll(plan).map { $0["detail"] as String }
                }
        }
    }
}
