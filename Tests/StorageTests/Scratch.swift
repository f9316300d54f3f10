import Core
import Foundation
import GRDB

@testable import Storage

/// A control database in a folder of its own, which goes when the test has ended.
struct Scratch {
    let folder: URL
    let database: ControlDatabase

    var path: String { folder.appending(path: "slipway.db").path }

    static func with<Value>(
        isDurable: Bool = false,
        _ body: (Scratch) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "slipway.db").path
        let scratch = Scratch(folder: folder, database: try ControlDatabase(path: path))
        // Most tests ask what is true and not what survives a power cut.
        if !isDurable { try await scratch.set("synchronous = OFF") }
        let value = try await body(scratch)
        try scratch.database.close()
        return value
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any ControlTransaction) throws -> Value
    ) async throws -> Value {
        try await database.write(body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any ControlTransaction) throws -> Value
    ) async throws -> Value {
        try await database.read(body)
    }
}

/// The time of most tests; what happens later is told in seconds after it.
let noon = Date(timeIntervalSince1970: 1_750_000_000)

func after(_ seconds: Double) -> Date { noon.addingTimeInterval(seconds) }

extension Scratch {
    func addRepository(_ name: String = "shop") async throws -> Repository {
        try await write { tx in
            try tx.addRepository(.named(name), at: noon)
        }
    }

    /// A build of these jobs in a repository of its own.
    func start(_ jobs: [JobSpec], at now: Date = noon) async throws -> Build {
        let repository = try await addRepository("shop-\(UUID().uuidString.prefix(8))")
        return try await start(jobs, in: repository.id, at: now)
    }

    func start(
        _ jobs: [JobSpec],
        in repository: RepositoryID,
        at now: Date = noon
    ) async throws -> Build {
        try await start(.main(jobs), in: repository, at: now)
    }

    func start(
        _ draft: BuildDraft,
        in repository: RepositoryID,
        at now: Date = noon
    ) async throws -> Build {
        let change = Change.manual(in: repository)
        let builds = try await write { tx in
            try tx.start([draft], for: change, idempotencyKey: nil, at: now)
        }
        return try builds.only
    }

    func dispatch(
        to workers: [WorkerSnapshot] = [.idle()],
        at now: Date = after(1)
    ) async throws -> [Offer] {
        try await write { tx in try tx.dispatch(to: workers, at: now) }
    }

    func accept(_ offer: Offer, at now: Date = after(2)) async throws {
        try await write { tx in
            try tx.accept(offer.attempt.id, fence: offer.attempt.fence, at: now)
        }
    }

    @discardableResult
    func finish(
        _ offer: Offer,
        _ result: BuildResult = .success,
        steps: [Step] = [],
        artifacts: [ArtifactDraft] = [],
        outputs: [String: String] = [:],
        at now: Date = after(3)
    ) async throws -> JobEnd {
        let end = AttemptEnd(
            result: result,
            reason: nil,
            steps: steps,
            logDigests: [:],
            artifacts: artifacts,
            outputs: outputs
        )
        return try await write { tx in
            try tx.finish(end, of: offer.attempt.id, fence: offer.attempt.fence, at: now)
        }
    }

    @discardableResult
    func lose(_ offer: Offer, at now: Date = after(4)) async throws -> JobEnd? {
        switch try await loss(offer, at: now) {
        case .over(let end): end
        case .waits, .none: nil
        }
    }

    func loss(
        _ offer: Offer,
        isForgotten: Bool = false,
        at now: Date = after(4)
    ) async throws -> AttemptLoss {
        try await write { tx in
            try tx.lose(
                offer.attempt.id,
                reason: "it stayed away",
                isForgotten: isForgotten,
                at: now
            )
        }
    }

    @discardableResult
    func cancel(_ build: BuildID, at now: Date = after(5)) async throws -> [Attempt]? {
        try await write { tx in try tx.cancel(build, by: "Ada", at: now) }
    }

    func retry(
        _ build: BuildID,
        failedOnly: Bool = true,
        at now: Date = after(6)
    ) async throws -> Build {
        try await write { tx in
            try tx.retry(build, failedOnly: failedOnly, by: "Bob", at: now)
        }
    }

    func build(_ id: BuildID) async throws -> Build {
        try await read { tx in try tx.build(id).known }
    }

    func job(_ name: String, of build: BuildID) async throws -> Job {
        try await read { tx in try tx.jobs(of: build).first { $0.spec.name == name }.known }
    }
}

/// What only a test may do: look below the verbs, and break what they keep.
extension Scratch {
    func rows(in tables: [String]) async throws -> Int {
        try await database.pool.read { db in
            try tables.reduce(0) { sum, table in
                sum + (try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0)
            }
        }
    }

    func text(_ sql: String) async throws -> String? {
        try await database.pool.read { db in try String.fetchOne(db, sql: sql) }
    }

    func set(_ setting: String) async throws {
        try await database.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA \(setting)")
        }
    }

    func execute(_ sql: String) async throws {
        try await database.pool.write { db in try db.execute(sql: sql) }
    }
}
