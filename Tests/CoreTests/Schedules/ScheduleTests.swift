import Core
import Foundation
import Testing

@Suite struct ScheduleTests {
    /// 2026-11-26 02:30 UTC.
    private let due = Date(timeIntervalSince1970: 1_795_660_200)

    private func schedule(
        onlyIfChanged: Bool = false,
        forceEvery: TimeSpan? = nil,
        missed: MissedPolicy = .once,
        lastSHA: String? = nil,
        lastAt: Date? = nil
    ) -> Schedule {
        Schedule(
            id: 1,
            repository: RepositoryID(1),
            pipeline: "nightly",
            cron: "30 2 * * *",
            timezone: "UTC",
            onlyIfChanged: onlyIfChanged,
            forceEvery: forceEvery,
            missed: missed,
            nextAt: due,
            lastSHA: lastSHA,
            lastAt: lastAt
        )
    }

    private func after(days: Double = 0, hours: Double = 0) -> Date {
        due.addingTimeInterval((days * 24 + hours) * 3_600)
    }

    @Test func `on time it starts a build and names the next time`() {
        let firing = schedule().fire(at: "a", now: due.addingTimeInterval(1))
        #expect(firing.reason == "Schedule `30 2 * * *`")
        #expect(firing.nextAt == after(days: 1))
    }

    @Test func `what was missed is made up for once, and the reason says so`() {
        let late = schedule().fire(at: "a", now: after(hours: 3))
        #expect(late.reason == "Schedule `30 2 * * *`, late: it was due 2026-11-26 02:30 UTC")
        let later = schedule().fire(at: "a", now: after(days: 3, hours: 1))
        #expect(
            later.reason == "Schedule `30 2 * * *`, late: it was due 2026-11-26 02:30 UTC, "
                + "and 3 later times are made up for too"
        )
        #expect(later.nextAt == after(days: 4))
        #expect(
            schedule().fire(at: "a", now: after(days: 300)).reason?.contains("99 or more") == true
        )
    }

    @Test func `what was missed is skipped where the file says so`() {
        let firing = schedule(missed: .skip).fire(at: "a", now: after(hours: 3))
        #expect(firing.reason == nil)
        #expect(firing.nextAt == after(days: 1))
        #expect(schedule(missed: .skip).fire(at: "a", now: due).reason != nil)
    }

    @Test func `an unchanged branch is left alone, but not for ever`() {
        func reason(_ sha: String, force: TimeSpan?, last: Date) -> String? {
            schedule(onlyIfChanged: true, forceEvery: force, lastSHA: "a", lastAt: last)
                .fire(at: sha, now: due).reason
        }
        #expect(reason("a", force: nil, last: after(days: -9)) == nil)
        #expect(reason("b", force: nil, last: after(days: -1)) == "Schedule `30 2 * * *`")
        #expect(reason("a", force: .days(7), last: after(days: -6)) == nil)
        #expect(
            reason("a", force: .days(7), last: after(days: -7))
                == "Schedule `30 2 * * *`, without a new commit for 7d"
        )
        #expect(schedule(onlyIfChanged: true).fire(at: "a", now: due).reason != nil)
    }

    @Test func `the next times are told in order`() {
        #expect(schedule().upcoming(3) == [due, after(days: 1), after(days: 2)])
    }
}
