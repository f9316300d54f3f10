import Core
import Foundation
import GRDB
import Storage
import Testing

@Suite struct ScheduleTests {
    private func schedule(
        _ pipeline: String = "nightly",
        _ cron: String = "30 2 * * *",
        in repository: RepositoryID,
        at next: Date = after(60)
    ) -> Schedule {
        Schedule(
            id: 0,
            repository: repository,
            pipeline: pipeline,
            cron: cron,
            timezone: "UTC",
            nextAt: next
        )
    }

    @Test func `a due time starts its build once, whoever tries again`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let kept = schedule(in: id)
            try await scratch.write { tx in
                try tx.replaceSchedules(of: id, with: [kept], readFrom: "a")
            }
            #expect(try await scratch.read { try $0.dueSchedules(limit: 9, at: after(59)) }.isEmpty)
            let due = try await scratch.read { try $0.dueSchedules(limit: 9, at: after(60)) }.only
            #expect(try await scratch.read { try $0.nextScheduleAt() } == after(60))
            for round in 1...2 {
                let builds = try await scratch.write { tx in
                    try tx.fire(
                        due,
                        next: after(120),
                        starting: [.main([.named("test")])],
                        for: .manual(in: id),
                        at: after(61)
                    )
                }
                #expect((builds?.count == 1) == (round == 1))
            }
            #expect(try await scratch.rows(in: ["build"]) == 1)
            let moved = try await scratch.read { try $0.schedules(of: id) }.only
            #expect(moved.nextAt == after(120))
            #expect(moved.lastSHA == Commit.sample().sha)
            #expect(moved.lastAt == after(61))
        }
    }

    @Test func `a schedule that stays keeps its time and memory when the branch moves`()
        async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let (stays, goes) = (schedule(in: id), schedule("old", in: id))
            try await scratch.write { tx in
                try tx.replaceSchedules(of: id, with: [stays, goes], readFrom: "a")
            }
            let before = try await scratch.read { try $0.schedules(of: id) }
            var changed = schedule(in: id, at: after(9_999))
            changed.onlyIfChanged = true
            let comes = schedule("new", in: id)
            try await scratch.write { [changed] tx in
                try tx.replaceSchedules(of: id, with: [changed, comes], readFrom: "b")
            }
            let after = try await scratch.read { try $0.schedules(of: id) }
            #expect(after.map(\.pipeline) == ["nightly", "new"])
            #expect(after.first?.id == before.first?.id)
            #expect(after.first?.nextAt == before.first?.nextAt)
            #expect(after.first?.onlyIfChanged == true)
        }
    }

    @Test func `a branch that moved is read once, and one that is gone has no schedules`()
        async throws
    {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            #expect(try await scratch.read { try $0.unscheduled() }.isEmpty)
            try await scratch.write { try $0.baseline(id, refs: ["refs/heads/main": "a"]) }
            let moved = try await scratch.read { try $0.unscheduled() }.only
            #expect(moved.repository.id == id)
            #expect(moved.sha == "a")
            let kept = schedule(in: id)
            try await scratch.write { tx in
                try tx.replaceSchedules(of: id, with: [kept], readFrom: "a")
            }
            #expect(try await scratch.read { try $0.unscheduled() }.isEmpty)
            try await scratch.write { try $0.forgetRef("refs/heads/main", of: id, at: "a") }
            #expect(try await scratch.read { try $0.unscheduled() }.only.sha == nil)
        }
    }

    @Test func `a schedule never goes back`() async throws {
        try await Scratch.with { scratch in
            let id = try await scratch.addRepository().id
            let kept = schedule(in: id)
            try await scratch.write { tx in
                try tx.replaceSchedules(of: id, with: [kept], readFrom: "a")
            }
            await #expect(throws: DatabaseError.self) {
                try await scratch.execute("UPDATE schedule SET nextAt = nextAt - 1")
            }
        }
    }
}
