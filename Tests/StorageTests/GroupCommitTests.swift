import Core
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Storage

@Suite struct GroupCommitTests {
    @Test func `one closure that throws harms no neighbour`() async throws {
        try await Scratch.with { scratch in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        do {
                            try await scratch.write { tx in
                                _ = try tx.addRepository(.named("r\(number)"), at: noon)
                                if number % 3 == 0 { throw Missing() }
                            }
                            return true
                        } catch is Missing {
                            return false
                        } catch {
                            Issue.record(error)
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 200)
            let names = try await scratch.read { tx in try tx.repositories().map(\.name) }
            #expect(names.count == 200)
            #expect(!names.contains("r0"))
        }
    }

    @Test func `closures that arrive during a commit share the next one`() async throws {
        try await Scratch.with { scratch in
            // The first closure holds the writer until all others have been handed in.
            let arrived = Counter()
            let commits = CommitCounter()
            scratch.database.pool.add(transactionObserver: commits, extent: .databaseLifetime)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await scratch.write { _ in
                        let deadline = ContinuousClock.now + .seconds(20)
                        while arrived.count < 100 && ContinuousClock.now < deadline {
                            sched_yield()
                        }
                    }
                }
                for number in 0..<100 {
                    group.addTask {
                        arrived.increment()
                        try await scratch.write { tx in
                            _ = try tx.addRepository(.named("r\(number)"), at: noon)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await scratch.rows(in: ["repository"]) == 100)
            #expect(commits.count < 50)
        }
    }

    @Test func `who comes after the close is told so and who came before is answered`()
        async throws
    {
        try await Scratch.with { scratch in
            async let early: Void = scratch.write { tx in
                _ = try tx.addRepository(.named("early"), at: noon)
            }
            try await early
            try scratch.database.close()
            let error = await #expect(throws: StorageError.self) {
                try await scratch.write { _ in }
            }
            #expect(error?.message == "The control database is closed.")
            await #expect(throws: StorageError.self) { try await scratch.read { _ in } }
        }
    }

    @Test func `a write of a cancelled task is not begun`() async throws {
        try await Scratch.with { scratch in
            let outcome = await withTaskGroup(of: Result<Void, any Error>.self) { group in
                group.cancelAll()
                group.addTask {
                    do {
                        return .success(
                            try await scratch.write { tx in
                                _ = try tx.addRepository(.named("late"), at: noon)
                            }
                        )
                    } catch {
                        return .failure(error)
                    }
                }
                return await group.next()
            }
            let count = try await scratch.rows(in: ["repository"])
            #expect(count == 0)
            #expect(throws: CancellationError.self) { try outcome?.get() }
        }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func increment() {
        value.withLock { $0 += 1 }
    }
}

/// Counts what SQLite commits.
private final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Counter()

    var count: Int { commits.count }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { commits.increment() }
    func databaseDidRollback(_ db: Database) {}
}
