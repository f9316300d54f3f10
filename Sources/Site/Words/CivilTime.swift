import struct Foundation.Date

/// A moment as a calendar and a clock show it, in UTC.
///
/// Pages are made in UTC; the script turns every time into the reader's own.
struct CivilTime: Equatable, Sendable {
    var year: Int
    /// From 1.
    var month: Int
    /// From 1.
    var day: Int
    /// From 0, a Monday.
    var weekday: Int
    var hour: Int
    var minute: Int
    var second: Int

    init(_ date: Date) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let (days, rest) = seconds.flooredDivision(by: 86_400)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        // 1 January 1970 was a Thursday.
        weekday = (days + 3).flooredDivision(by: 7).remainder
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2025-11-20T13:02:11Z`.
    var iso8601: String {
        "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))Z"
    }

    /// `13:02:11`.
    var clock: String { "\(two(hour)):\(two(minute)):\(two(second))" }

    /// `13:02`.
    var shortClock: String { "\(two(hour)):\(two(minute))" }

    /// `Thu 20 Nov`.
    var dayName: String { "\(weekdayName) \(day) \(monthName)" }

    /// `Thu 20 Nov 2025, 13:02:11 UTC`.
    var full: String { "\(dayName) \(year), \(clock) UTC" }

    var weekdayName: String { ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday] }

    var monthName: String {
        [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ][month - 1]
    }
}

/// A number of at least two digits.
func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

extension Int {
    /// The quotient rounded down, and the remainder that is never negative.
    fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
