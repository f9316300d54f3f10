package import struct Foundation.Date

extension Cron {
    /// The first instant after `date` at which it comes on this clock.
    ///
    /// Where the clock jumps, as in Vixie's cron: a time that is left out is made up for once,
    /// at the first instant after the gap; a time that the clock shows twice comes the first
    /// time only. A cron of every hour (`*`) goes by the hours that pass instead: it makes up
    /// for nothing, and comes in both of two like hours. No instant comes twice.
    package func next(after date: Date, on clock: LocalClock) -> Date? {
        let now = Int(date.timeIntervalSince1970.rounded(.down))
        // What a gap left out the day before may come today.
        let today = CivilMoment(date, offset: clock.offset(at: now)).day.number
        for number in (today - 1)..<(today + Self.daysMax) {
            let (instant, jumps) = first(onDay: number, after: now)
            guard var instant else { continue }
            // A clock that jumps back over midnight shows some of tomorrow before all of today.
            if jumps, let other = first(onDay: number + 1, after: now).instant {
                instant = min(instant, other)
            }
            return Date(timeIntervalSince1970: Double(instant))
        }
        return nil

        func first(onDay number: Int, after now: Int) -> (instant: Int?, jumps: Bool) {
            let day = CivilDay(number: number)
            guard comes(on: day) else { return (nil, false) }
            let face = clock.face(of: day)
            return (self.first(on: day, after: now, face), face.before != face.after)
        }
    }

    /// As long as the longest way from one such day to the next.
    private static let daysMax = 41 * 366

    private func first(on day: CivilDay, after now: Int, _ face: LocalClock.Face) -> Int? {
        let start = day.number * 86_400
        var first: Int?
        for hour in 0..<24 where hours.has(hour) {
            let local = start + hour * 3_600
            // What comes in this hour or is made up for, under either offset, is over.
            if local + 3_600 - min(face.before, face.after) <= now { continue }
            // Nothing of this hour or a later one can come sooner.
            if let first, first <= local - max(face.before, face.after) { break }
            for minute in 0..<60 where minutes.has(minute) {
                for instant in instants(of: local + minute * 60, face)
                where instant > now && instant < first ?? .max {
                    first = instant
                }
            }
        }
        return first
    }

    private func instants(of local: Int, _ face: LocalClock.Face) -> [Int] {
        let instants = face.instants(of: local)
        if isEveryHour { return instants }
        return [instants.first ?? face.jump]
    }
}
