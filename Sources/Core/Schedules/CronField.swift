/// One of the five numbers of a time that comes again.
enum CronField: CaseIterable {
    case minute, hour, day, month, weekday

    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .day: "day"
        case .month: "month"
        case .weekday: "day of the week"
        }
    }

    private var article: String { self == .hour ? "an" : "a" }

    private var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .day: 1...31
        case .month: 1...12
        case .weekday: 0...7
        }
    }

    /// The first is the number 1 of months and 0 of weekdays.
    private var names: [String] {
        switch self {
        case .minute, .hour, .day: []
        case .month:
            [
                "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
            ]
        case .weekday: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        }
    }

    /// The numbers of a field, and whether it begins with `*`.
    func plain(_ word: CronWord) throws(CronError) -> (numbers: UInt64, isAny: Bool) {
        var numbers: UInt64 = 0
        for item in word.split(",") { numbers |= try self.numbers(item) }
        return (numbers, isAny(word))
    }

    func days(_ word: CronWord) throws(CronError) -> Cron.DaySet {
        var set = Cron.DaySet(isAny: isAny(word))
        for item in word.split(",") {
            let text = item.text.uppercased()
            if text == "L" {
                set.fromLast.insert(0)
            } else if text == "LW" || text == "WL" {
                set.workdays.insert(0)
            } else if text.hasPrefix("L-"), let back = number(text.dropFirst(2)), back <= 30 {
                set.fromLast.insert(back)
            } else if text.hasSuffix("W"), let day = number(text.dropLast()), range.contains(day) {
                set.workdays.insert(day)
            } else {
                set.numbers |= try numbers(item)
            }
        }
        return set
    }

    func weekdays(_ word: CronWord) throws(CronError) -> Cron.WeekdaySet {
        var set = Cron.WeekdaySet(isAny: isAny(word))
        for item in word.split(",") {
            let text = item.text.uppercased()
            let parts = text.split(separator: "#", omittingEmptySubsequences: false)
            if parts.count == 2, let weekday = value(String(parts[0])),
                let count = number(parts[1]), (1...5).contains(count)
            {
                set.nth.insert(Cron.Nth(weekday: weekday % 7, count: count))
            } else if text.hasSuffix("L"), let weekday = value(String(text.dropLast())) {
                set.last.insert(weekday % 7)
            } else {
                let numbers = try self.numbers(item)
                set.numbers |= numbers.has(7) ? numbers | 1 : numbers
            }
        }
        return set
    }

    private func isAny(_ word: CronWord) -> Bool {
        word.bytes.first == UInt8(ascii: "*") || word.bytes.first == UInt8(ascii: "?")
    }

    /// `*`, `4`, `1-5`, `*/15`, `10-50/20`, and `5/15`: from 5 to the end.
    private func numbers(_ item: CronWord) throws(CronError) -> UInt64 {
        let parts = item.split("/")
        var step = 1
        if parts.count == 2 {
            guard let written = number(parts[1].text), written > 0 else { throw refusal(of: item) }
            step = written
        }
        guard parts.count <= 2, let span = span(parts[0], isOpen: parts.count == 2) else {
            throw refusal(of: item)
        }
        var numbers: UInt64 = 0
        for number in stride(from: span.lowerBound, through: span.upperBound, by: step) {
            numbers |= 1 << UInt64(number)
        }
        return numbers
    }

    private func span(_ word: CronWord, isOpen: Bool) -> ClosedRange<Int>? {
        let text = word.text
        let isUnsaid = text == "?" && (self == .day || self == .weekday)
        if text == "*" || isUnsaid { return self == .weekday ? 0...6 : range }
        let ends = word.split("-").map { value($0.text) }
        guard ends.count <= 2, let low = ends.first ?? nil, let high = ends.last ?? nil else {
            return nil
        }
        if ends.count == 1 { return low...(isOpen ? max(low, range.upperBound) : low) }
        return low <= high ? low...high : nil
    }

    /// A number that fits, or a name.
    private func value(_ text: String) -> Int? {
        if let place = names.firstIndex(of: text.uppercased()) { return place + range.lowerBound }
        guard let number = number(text), range.contains(number) else { return nil }
        return number
    }

    private func number(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard (1...4).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    private func refusal(of item: CronWord) -> CronError {
        var forms = "a number from \(range.lowerBound) to \(range.upperBound)"
        if let first = names.first { forms += ", a name such as \(first)" }
        forms += ", '*', a range '1-5', a list '1,3'"
        switch self {
        case .minute, .hour, .month: break
        case .day: forms += ", 'L' for the last, '15W' for the nearest working day"
        case .weekday: forms += ", 'MON#1' for the first Monday, '5L' for the last Friday"
        }
        return CronError(
            message: "\(quoted(item.text)) is not \(article) \(name)",
            offset: item.offset,
            hint: forms + " or every so many '*/15'"
        )
    }
}
