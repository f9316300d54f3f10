/// A time that comes again, as five fields say it: minute, hour, day, month, day of the week.
///
/// Fields are `*`, numbers, names (`JAN`, `MON`), ranges, steps and lists. A day may also be `L`
/// (the last), `L-2`, `15W` (the working day nearest to it) and `LW`; a day of the week `5L`
/// (the last Friday) and `MON#1` (the first Monday). As in Vixie's cron, a time matches when both
/// days do; where neither field begins with `*`, one of the two is enough.
package struct Cron: Equatable, Sendable {
    /// As it is written.
    package let text: String
    /// Bit sets, by number.
    let minutes: UInt64
    let hours: UInt64
    let months: UInt64
    let days: DaySet
    let weekdays: WeekdaySet
    /// Whether it goes by what has passed and not by what the clock shows: an hour of `*`.
    let isEveryHour: Bool

    /// The days of a month.
    struct DaySet: Equatable {
        var numbers: UInt64 = 0
        /// How many days before the last.
        var fromLast: Set<Int> = []
        /// The working days nearest to these; 0 is the last working day.
        var workdays: Set<Int> = []
        var isAny = false
    }

    /// The days of a week, from 0, a Sunday.
    struct WeekdaySet: Equatable {
        var numbers: UInt64 = 0
        /// The last of its name in the month.
        var last: Set<Int> = []
        var nth: Set<Nth> = []
        var isAny = false
    }

    /// Such as the first Monday.
    struct Nth: Hashable {
        var weekday: Int
        /// From 1.
        var count: Int
    }

    /// Whether it comes on this day at all.
    package func comes(on day: CivilDay) -> Bool {
        guard months.has(day.month) else { return false }
        let isDay = days.has(day)
        let isWeekday = weekdays.has(day)
        return days.isAny || weekdays.isAny ? isDay && isWeekday : isDay || isWeekday
    }
}

extension Cron.DaySet {
    func has(_ day: CivilDay) -> Bool {
        if numbers.has(day.day) { return true }
        let length = day.monthLength
        if fromLast.contains(length - day.day) { return true }
        return workdays.contains { wanted in
            // A 31 in a shorter month is none; the last working day is asked for as 0.
            guard wanted <= length else { return false }
            var nearest = day
            nearest.day = wanted == 0 ? length : wanted
            return nearest.workday(mayMoveOn: wanted != 0).day == day.day
        }
    }
}

extension Cron.WeekdaySet {
    func has(_ day: CivilDay) -> Bool {
        let weekday = day.weekday
        if numbers.has(weekday) { return true }
        if last.contains(weekday), day.day + 7 > day.monthLength { return true }
        return nth.contains(Cron.Nth(weekday: weekday, count: (day.day - 1) / 7 + 1))
    }
}

extension CivilDay {
    /// The working day nearest to it in the same month; the last one only moves back.
    fileprivate func workday(mayMoveOn: Bool) -> CivilDay {
        var moved = self
        switch weekday {
        case 6: moved.day += day > 1 ? -1 : 2
        case 0: moved.day += day < monthLength && mayMoveOn ? 1 : -2
        case _: break
        }
        return moved
    }
}

extension UInt64 {
    func has(_ number: Int) -> Bool { self & (1 << UInt64(number)) != 0 }
}
