import struct Foundation.Date

/// How a moment is written.
enum TimeStyle: String {
    /// How long ago: `30m`.
    case age
    /// When: `13:02:11` today, `Thu 13:02` this week, else the date.
    case when
    /// How long until then: `18s left`.
    case left
    /// The day and the clock, which the script lets run.
    case clock
}

extension Markup {
    /// A moment, with the exact time as its title.
    static func time(_ date: Date, _ style: TimeStyle, now: Date) -> Markup {
        let civil = CivilTime(date)
        let text =
            switch style {
            case .age: age(of: date, now: now)
            case .when: when(date, now: now)
            case .left: left(until: date, now: now)
            case .clock: "\(civil.dayName) \(civil.shortClock) UTC"
            }
        return """
            <time datetime="\(civil.iso8601)" title="\(civil.full)" \
            data-as="\(style.rawValue)">\(text)</time>
            """
    }

    /// How long something has lasted that still goes on; the script lets it run.
    static func elapsed(since start: Date, now: Date) -> Markup {
        """
        <time datetime="\(CivilTime(start).iso8601)" \
        data-as="since">\(spelled(now.timeIntervalSince(start)))</time>
        """
    }

    /// How long something took or has taken; nil before it began.
    static func duration(
        from start: Date?,
        to end: Date?,
        now: Date,
        isFine: Bool = false
    ) -> Markup? {
        guard let start else { return nil }
        guard let end else { return .elapsed(since: start, now: now) }
        return Markup(text: spelled(end.timeIntervalSince(start), isFine: isFine))
    }
}

/// A length of time: `40ms`, `0.8s`, `3m 32s`, `15h 27m`, `2d 4h`.
///
/// A fine one has tenths up to a minute, where steps are compared.
func spelled(_ seconds: Double, isFine: Bool = false) -> String {
    let seconds = max(0, seconds)
    if (0.0005..<0.0995).contains(seconds) { return "\(Int((seconds * 1000).rounded()))ms" }
    if seconds < (isFine ? 59.95 : 9.95) { return "\(Length(seconds).text)s" }
    let whole = Int(min(seconds, 1e9).rounded())
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m \(two(whole % 60))s" }
    if whole < 86_400 { return "\(whole / 3600)h \(two(whole / 60 % 60))m" }
    return "\(whole / 86_400)d \(whole / 3600 % 24)h"
}

/// How long until then.
private func left(until date: Date, now: Date) -> String {
    let seconds = date.timeIntervalSince(now)
    return seconds > 0 ? "\(spelled(max(1, seconds.rounded(.up)))) left" : "due"
}

/// How long ago, in one unit.
private func age(of date: Date, now: Date) -> String {
    let seconds = Int(min(max(0, now.timeIntervalSince(date)), 1e9))
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m" }
    if seconds < 86_400 { return "\(seconds / 3600)h" }
    return "\(seconds / 86_400)d"
}

private func when(_ date: Date, now: Date) -> String {
    let (then, today) = (CivilTime(date), CivilTime(now))
    let isToday = then.day == today.day && then.month == today.month && then.year == today.year
    if isToday { return then.clock }
    let distance = now.timeIntervalSince(date)
    if distance > 0, distance < 6 * 86_400 { return "\(then.weekdayName) \(then.shortClock)" }
    if then.year == today.year { return "\(then.day) \(then.monthName) \(then.shortClock)" }
    return "\(then.day) \(then.monthName) \(then.year)"
}
