import Core
import Foundation
import Testing

/// A year of every cron in zones that jump by an hour, by half an hour, over midnight, to the
/// south, or never.
@Suite struct CronYearTests {
    static let zones = [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
        "Asia/Kolkata", "Pacific/Chatham",
    ]

    static let crons = [
        "30 2 * * *", "*/20 2 * * *", "0 0 * * *", "15,45 1-3 * * *", "0 * * * *",
        "*/30 * * * *", "0 3 * * SUN", "59 23 L * *", "0 12 1 * MON#1", "30 0 * * 0",
    ]

    /// Against brute force: every minute of the year is looked at on the wall clock.
    @Test(arguments: zones)
    func `each instant of a year comes exactly once`(zone: String) throws {
        let clock = try #require(LocalClock(named: zone))
        let wall = WallClock(try #require(TimeZone(identifier: zone)))
        for text in Self.crons {
            var instants: [Int] = []
            var date = Date(timeIntervalSince1970: Double(WallClock.year.lowerBound - 1))
            let cron = try Cron(text)
            while let next = cron.next(after: date, on: clock),
                WallClock.year.contains(Int(next.timeIntervalSince1970))
            {
                instants.append(Int(next.timeIntervalSince1970))
                date = next
            }
            let (hours, minutes) = fields(text)
            let expected = wall.instants(
                isEveryHour: text.split(separator: " ")[1].hasPrefix("*"),
                hours: hours,
                minutes: minutes
            ) { cron.comes(on: $0) }
            #expect(instants == expected, "\(text)")
        }
    }

    /// Only the forms that the crons above use.
    private func fields(_ text: String) -> (hours: Set<Int>, minutes: Set<Int>) {
        let fields = text.split(separator: " ")
        func numbers(_ field: Substring, _ all: Range<Int>) -> Set<Int> {
            if field == "*" { return Set(all) }
            if field.hasPrefix("*/"), let step = Int(field.dropFirst(2)) {
                return Set(stride(from: 0, to: all.upperBound, by: step))
            }
            let ends = field.split(separator: "-").compactMap { Int($0) }
            if ends.count == 2 { return Set(ends[0]...ends[1]) }
            return Set(field.split(separator: ",").compactMap { Int($0) })
        }
        return (numbers(fields[1], 0..<24), numbers(fields[0], 0..<60))
    }

    @Test(arguments: [
        // Spring: 2:00 to 3:00 is left out, and made up for at 3:00.
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z"),
        ("*/20 2 * * *", "Europe/Berlin", "2026-03-29T01:00Z", "2026-03-30T00:00Z"),
        // Autumn: 2:30 is shown twice, and comes the first time.
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z"),
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),
        // Every hour goes by what passes.
        ("30 * * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
        ("30 * * * *", "Europe/Berlin", "2026-03-29T00:30Z", "2026-03-29T01:30Z"),
        // Half an hour on Lord Howe Island: 2:00 to 2:30 on 4 October.
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", "2026-10-03T15:30Z"),
        // Midnight itself is left out in Santiago, on 6 September.
        ("0 0 * * *", "America/Santiago", "2026-09-05T12:00Z", "2026-09-06T04:00Z"),
        // All of 30 December 2011 is left out on Samoa.
        ("0 12 * * *", "Pacific/Apia", "2011-12-29T22:00Z", "2011-12-30T10:00Z"),
        ("0 12 * * *", "Pacific/Apia", "2011-12-30T10:00Z", "2011-12-30T22:00Z"),
    ])
    func `where the clock jumps`(text: String, zone: String, from: String, to: String) throws {
        let clock = try #require(LocalClock(named: zone))
        let next = try Cron(text).next(after: try date(from), on: clock)
        #expect(next == (try date(to)), "\(next.map { "\($0)" } ?? "never")")
    }

    private func date(_ text: String) throws -> Date {
        try Date(text.replacing("Z", with: ":00Z"), strategy: .iso8601)
    }

    @Test func `a name that is no zone is refused`() {
        for name in ["Europe/Berlinn", "", "Mars/Olympus", "../etc/passwd", "Ëurope/Berlin"] {
            #expect(LocalClock(named: name) == nil, "\(name)")
        }
    }
}

/// What a clock on the wall shows, minute by minute.
private struct WallClock {
    /// 2026, in seconds.
    static let year = 1_767_225_600..<1_798_761_600

    /// By minute of the year.
    private let shown: [Int]
    /// A minute before it.
    private let before: Int

    init(_ zone: TimeZone) {
        func show(_ seconds: Int) -> Int {
            let date = Date(timeIntervalSince1970: Double(seconds))
            return (seconds + zone.secondsFromGMT(for: date)) / 60
        }
        before = show(Self.year.lowerBound - 60)
        shown = stride(from: Self.year.lowerBound, to: Self.year.upperBound, by: 60).map(show)
    }

    func instants(
        isEveryHour: Bool,
        hours: Set<Int>,
        minutes: Set<Int>,
        comes: (CivilDay) -> Bool
    ) -> [Int] {
        var days: [Int: Bool] = [:]
        func matches(_ minute: Int) -> Bool {
            guard minutes.contains(minute % 60), hours.contains(minute / 60 % 24) else {
                return false
            }
            let day = minute / 1_440
            if let known = days[day] { return known }
            days[day] = comes(CivilDay(number: day))
            return days[day] == true
        }
        var instants: [Int] = []
        var newest = before
        var last = before
        for (place, now) in shown.enumerated() {
            // What the clock shows again counts for every hour only; what it left out is made up.
            var isTime = matches(now) && (isEveryHour || now > newest)
            if !isEveryHour, now > last + 1, (last + 1..<now).contains(where: matches) {
                isTime = true
            }
            if isTime { instants.append(Self.year.lowerBound + place * 60) }
            newest = max(newest, now)
            last = now
        }
        return instants
    }
}
