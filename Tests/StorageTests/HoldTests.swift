import Core
import GRDB
import Storage
import Testing

@Suite struct HoldTests {
    @Test func `a held build waits with its reason and is given to nobody`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start(held: [.approval("Somebody must approve it.")])
            #expect(try await scratch.dispatch().isEmpty)
            let job = try await scratch.job("test", of: build.id)
            #expect(job.state == .waiting)
            #expect(job.waitingReason == "Somebody must approve it.")
            let entry = try await scratch.read { try $0.queue(limit: 10) }.first.known
            #expect(entry.isBlocked)
            #expect(
                try await scratch.read { try $0.holds(of: build.id) }.map(\.kind) == [.approval]
            )
        }
    }

    @Test func `it goes on when the last hold is gone, and not before`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start(
                held: [.approval("Somebody must approve it."), .time(until: after(60))]
            )
            let first = try await scratch.write { tx in
                try tx.lift(.approval, of: build.id, by: "Bob", at: after(1))
            }
            #expect(first == HoldRelease(builds: [build.id], hasFreedJobs: false))
            #expect(
                try await scratch.job("test", of: build.id).waitingReason
                    == "It was asked for no sooner than 2025-06-15 15:07 UTC."
            )
            #expect(try await scratch.dispatch().isEmpty)
            let last = try await scratch.write { try $0.liftDue(limit: 10, at: after(60)) }
            #expect(last == HoldRelease(builds: [build.id], hasFreedJobs: true))
            #expect(try await scratch.dispatch().count == 1)
            #expect(try await scratch.build(build.id).reason == "push to main, approved by Bob")
        }
    }

    @Test func `a person ends the times, and the reason says who`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let build = try await scratch.start(held: [.time(until: after(3_600))], in: id)
            let other = try await scratch.start(held: [.approval("Who?")], in: id)
            let release = try await scratch.write { tx in
                try tx.begin(build.id, by: "Ann", at: after(1))
            }
            #expect(release == HoldRelease(builds: [build.id], hasFreedJobs: true))
            #expect(try await scratch.dispatch().count == 1)
            #expect(
                try await scratch.build(build.id).reason == "push to main, begun early by Ann"
            )
            for held in [build.id, other.id] {
                let error = await #expect(throws: StorageError.self) {
                    try await scratch.write { tx in
                        _ = try tx.begin(held, by: "Ann", at: after(2))
                    }
                }
                #expect(error?.code == .conflict)
            }
            #expect(
                try await scratch.write { try $0.begin(BuildID(99), by: "Ann", at: after(2)) }
                    == nil
            )
        }
    }

    @Test func `what is held is listed, the soonest first and what has no end last`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let approval = try await scratch.start(held: [.approval("Who?")], in: id)
            let late = try await scratch.start(held: [.time(until: after(90))], in: id)
            let both = try await scratch.start(
                held: [.time(until: after(30)), .approval("Who?")],
                in: id
            )
            _ = try await scratch.start(held: [], in: id)
            let cancelled = try await scratch.start(held: [.approval("Who?")], in: id)
            try await scratch.cancel(cancelled.id)
            let held = try await scratch.read { try $0.heldBuilds(limit: 10) }
            #expect(held.map(\.build.id) == [both.id, late.id, approval.id])
            #expect(held.map(\.holds.count) == [2, 1, 1])
            #expect(try await scratch.read { try $0.heldBuilds(limit: 2) }.count == 2)
        }
    }

    @Test func `only what is due goes, the longest due first, in bounded batches`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            var builds: [Build] = []
            for seconds in [30.0, 10, 20, 40] {
                builds.append(
                    try await scratch.start(held: [.time(until: after(seconds))], in: id)
                )
            }
            #expect(try await scratch.read { try $0.nextHoldEnd() } == after(10))
            let batch = try await scratch.write { try $0.liftDue(limit: 2, at: after(30)) }
            #expect(batch.builds == [builds[1].id, builds[2].id])
            #expect(try await scratch.read { try $0.nextHoldEnd() } == after(30))
            let rest = try await scratch.write { try $0.liftDue(limit: 9, at: after(30)) }
            #expect(rest.builds == [builds[0].id])
            #expect(try await scratch.read { try $0.nextHoldEnd() } == after(40))
        }
    }

    @Test func `what is not held so cannot be lifted`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start(held: [.time(until: after(60))])
            let error = await #expect(throws: StorageError.self) {
                try await scratch.write { tx in
                    _ = try tx.lift(.approval, of: build.id, by: "Bob", at: after(1))
                }
            }
            #expect(error?.code == .conflict)
            let unknown = try await scratch.write { tx in
                try tx.lift(.approval, of: BuildID(77), by: "Bob", at: after(1))
            }
            #expect(unknown == nil)
        }
    }

    @Test func `a cancelled build is held no longer, and its retry begins at once`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start(held: [.time(until: after(60))])
            try await scratch.cancel(build.id)
            #expect(try await scratch.build(build.id).result == .cancelled)
            #expect(try await scratch.rows(in: ["hold"]) == 0)
            #expect(try await scratch.read { try $0.nextHoldEnd() } == nil)
            _ = try await scratch.retry(build.id, failedOnly: false)
            #expect(try await scratch.dispatch().count == 1)
        }
    }

    @Test func `a retry does not get round an approval`() async throws {
        try await Scratch.with { scratch in
            let build = try await scratch.start(held: [.approval("Somebody must approve it.")])
            try await scratch.cancel(build.id)
            let again = try await scratch.retry(build.id, failedOnly: false)
            #expect(try await scratch.dispatch().isEmpty)
            _ = try await scratch.write { tx in
                try tx.lift(.approval, of: again.id, by: "Bob", at: after(7))
            }
            #expect(try await scratch.dispatch().count == 1)
            await #expect(throws: StorageError.self) {
                try await scratch.write { tx in
                    _ = try tx.lift(.approval, of: build.id, by: "Bob", at: after(8))
                }
            }
        }
    }

    @Test func `the tables refuse to begin what is held, and to hold what has begun`() async throws
    {
        try await Scratch.with { scratch in
            let build = try await scratch.start(held: [.time(until: after(60))])
            let begun = try await scratch.start([.named("test")])
            for mistake in [
                "UPDATE job SET state = 'ready' WHERE build = \(build.id)",
                "INSERT INTO hold VALUES (\(begun.id), 'time', 1, NULL, '')",
                "INSERT INTO hold VALUES (\(build.id), 'quiet', NULL, NULL, '')",
                "INSERT INTO hold VALUES (\(build.id), 'concurrency', NULL, NULL, '')",
                "INSERT INTO hold VALUES (\(build.id), 'whim', 1, NULL, '')",
            ] {
                await #expect(throws: DatabaseError.self, "\(mistake)") {
                    try await scratch.execute(mistake)
                }
            }
        }
    }
}

extension Scratch {
    /// A build of one job, held back.
    func start(held holds: [BuildHold]) async throws -> Build {
        try await start(held: holds, in: try await addRepository().id)
    }

    func start(held holds: [BuildHold], in repository: RepositoryID) async throws -> Build {
        var draft = BuildDraft.main([.named("test")])
        draft.holds = holds
        return try await start(draft, in: repository)
    }
}
