import Core
import Foundation
import GRDB
import Testing

@testable import Storage

/// Random histories of one repository, told by a seed, with messages lost, late and doubled.
@Suite struct HistoryTests {
    @Test(.timeLimit(.minutes(2)), arguments: 0..<20)
    func `whatever happens in whatever order the rules hold`(seed: Int) async throws {
        try await Scratch.with { scratch in
            var history = History(seed: UInt64(seed), scratch: scratch)
            try await history.begin()
            for _ in 0..<100 {
                try await history.step()
                try await history.check()
            }
            try await history.settle()
            try await history.check()
            #expect(try await scratch.rows(in: ["build WHERE state <> 'finished'"]) == 0)
        }
    }
}

private struct History {
    var random: SeededRandom
    let scratch: Scratch
    var repository = RepositoryID(0)
    /// Every offer ever made: the old ones speak up again.
    var offers: [Offer] = []
    var clock = 0.0
    /// What had ended when it was last looked at.
    var ended: [String: String] = [:]
    var fences: [Int64: Int] = [:]

    init(seed: UInt64, scratch: Scratch) {
        random = SeededRandom(seed: seed)
        self.scratch = scratch
    }

    mutating func begin() async throws {
        repository = try await scratch.addRepository().id
    }

    mutating func step() async throws {
        clock += 1
        let now = after(clock)
        let scratch = scratch
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: _ = try await scratch.start(jobs(), in: repository, at: now)
        case 2, 3: offers += try await scratch.dispatch(to: [.idle(slots: 3)], at: now)
        case 4, 5: try await speak { try await scratch.accept($0, at: now) }
        case 6, 7:
            let result = anyResult()
            try await speak { offer in
                let steps = initialSteps(of: offer.spec)
                try await scratch.finish(offer, result, steps: steps, at: now)
            }
        case 8: try await speak { try await scratch.lose($0, at: now) }
        default: try await touchABuild(at: now)
        }
    }

    /// Lets what still runs come to an end.
    mutating func settle() async throws {
        for _ in 0..<1_000 {
            clock += 1
            let new = try await scratch.dispatch(to: [.idle(slots: 50)], at: after(clock))
            let live = try await scratch.read { tx in try tx.liveAttempts() }
            if new.isEmpty && live.isEmpty { return }
            offers += new
            let ids = Set(live.map(\.attempt.id))
            for offer in offers where ids.contains(offer.attempt.id) {
                try await scratch.finish(offer, anyResult(), at: after(clock))
            }
        }
        Issue.record("the queue never emptied")
    }

    private mutating func speak(_ word: (Offer) async throws -> Void) async throws {
        guard let offer = offers.randomElement(using: &random) else { return }
        do {
            try await word(offer)
        } catch let error as StorageError where error.code == .staleFence {
            // Just what the old ones must hear.
        }
    }

    private mutating func touchABuild(at now: Date) async throws {
        let builds = try await scratch.read { tx in
            try tx.builds(BuildFilter(), limit: 100, before: nil)
        }
        guard let build = builds.randomElement(using: &random) else { return }
        if Bool.random(using: &random) {
            try await scratch.cancel(build.id, at: now)
        } else {
            let failedOnly = Bool.random(using: &random)
            do {
                _ = try await scratch.retry(build.id, failedOnly: failedOnly, at: now)
            } catch let error as StorageError where error.code == .conflict {
                // It runs, or was green.
            }
        }
    }

    private mutating func anyResult() -> BuildResult {
        [.success, .success, .success, .warnings, .failure, .exception]
            .randomElement(using: &random) ?? .success
    }

    private mutating func jobs() -> [JobSpec] {
        let count = Int.random(in: 1...5, using: &random)
        return (0..<count).map { number in
            let needs = (0..<number).filter { _ in Bool.random(using: &random) }
            return .named(
                "job \(number)",
                needs: needs.map { "job \($0)" },
                condition: [.success, .success, .failure, .always].randomElement(using: &random)
                    ?? .success,
                allowFailure: Bool.random(using: &random)
            )
        }
    }
}

/// What must be true after every step, asked of the tables and not of the verbs.
extension History {
    mutating func check() async throws {
        let state = try await scratch.database.pool.read { db in try Snapshot(db) }
        #expect(state.jobsWithTwoLiveAttempts == 0)
        #expect(state.liveWithoutRunningJob == 0)
        #expect(state.runningJobsWithoutAttempt == 0)
        #expect(state.jobsOutsideTheirBuild == 0)
        for (job, fence) in state.fences {
            #expect(fence >= fences[job] ?? 0)
        }
        fences = state.fences
        for (thing, end) in ended { #expect(state.ends[thing] == end) }
        ended = state.ends
        for (build, results) in state.results {
            #expect(state.verdicts[build] == overall(results))
        }
    }
}

private struct Snapshot {
    var jobsWithTwoLiveAttempts: Int
    var liveWithoutRunningJob: Int
    var runningJobsWithoutAttempt: Int
    var jobsOutsideTheirBuild: Int
    var fences: [Int64: Int]
    /// Of builds, jobs, attempts and steps: how each that has ended did.
    var ends: [String: String]
    /// Of finished builds.
    var verdicts: [Int64: BuildResult]
    /// Of the jobs of finished builds.
    var results: [Int64: [BuildResult]]

    init(_ db: Database) throws {
        func count(_ sql: String) throws -> Int {
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)") ?? 0
        }
        let live = "state IN ('offered', 'running')"
        jobsWithTwoLiveAttempts = try count(
            "(SELECT 1 FROM attempt WHERE \(live) GROUP BY job HAVING count(*) > 1)"
        )
        liveWithoutRunningJob = try count(
            "attempt a JOIN job j ON j.id = a.job WHERE a.\(live) "
                + "AND (j.state <> 'running' OR j.fence <> a.fence OR j.attempts <> a.number)"
        )
        runningJobsWithoutAttempt = try count(
            "job j WHERE state = 'running' "
                + "AND NOT EXISTS (SELECT 1 FROM attempt WHERE job = j.id AND \(live))"
        )
        jobsOutsideTheirBuild = try count(
            "job j JOIN build b ON b.id = j.build "
                + "WHERE b.state = 'finished' AND j.state <> 'finished'"
        )
        fences = Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(db, sql: "SELECT id, fence FROM job")
                .map { ($0[0], $0[1]) }
        )
        ends = Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(
                db,
                sql: """
                    SELECT 'build ' || id, result || finishedAt FROM build WHERE state = 'finished'
                    UNION ALL
                    SELECT 'job ' || id, result || finishedAt || fence FROM job
                        WHERE state = 'finished'
                    UNION ALL
                    SELECT 'attempt ' || id, state || endedAt FROM attempt
                        WHERE state IN ('finished', 'lost')
                    UNION ALL
                    SELECT 'step ' || attempt || ' ' || position, result || logLength FROM step
                        WHERE state = 'finished'
                    """
            ).map { ($0[0], $0[1]) }
        )
        verdicts = [:]
        results = [:]
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT b.id, b.result, j.result FROM build b JOIN job j ON j.build = b.id
                WHERE b.state = 'finished'
                """
        )
        for row in rows {
            verdicts[row[0]] = try BuildResult(rawValue: row[1]).known
            results[row[0], default: []].append(try BuildResult(rawValue: row[2]).known)
        }
    }
}
