import Core

/// The `schedule` key: times that come again.
extension PipelineReader {
    mutating func schedules(_ entry: Entry) -> [ScheduleTrigger] {
        if case .sequence(let items) = entry.value.content, items.isEmpty {
            problems.add("'schedule' has no times", at: entry.keyMark)
        }
        return list(entry, of: .schedule).map { fields in
            let time = fields[.cron].flatMap { cron($0) }
            return ScheduleTrigger(
                cron: time ?? Located("* * * * *", at: fields.mark),
                timezone: fields[.timezone].flatMap { timezone($0) },
                onlyIfChanged: fields[.onlyIfChanged].flatMap { flag($0) } ?? false,
                forceEvery: fields[.forceEvery].flatMap { duration($0) }
            )
        }
    }

    private mutating func cron(_ entry: Entry) -> Located<String>? {
        guard let cron = locatedText(entry) else { return nil }
        let fields = cron.value.utf8.split(whereSeparator: isBlank)
        guard fields.count == CronField.all.count, cron.value.utf8.count <= cronLengthMax else {
            problems.add(
                "\(quoted(cron.value)) is not a time",
                at: cron.mark,
                hint: "five fields: \(CronField.all.map(\.name).listed), such as '30 2 * * *'"
            )
            return nil
        }
        for (field, text) in zip(CronField.all, fields) where !field.admits(text) {
            problems.add(
                "\(quoted(String(Substring(text)))) is not \(field.article) \(field.name)",
                at: cron.mark,
                hint: "a number from \(field.range.lowerBound) to \(field.range.upperBound), "
                    + "'*', a range '1-5', a list '1,3' or every so many '*/15'"
            )
            return nil
        }
        return cron
    }

    /// A name of the time zone database, as far as its shape goes.
    private mutating func timezone(_ entry: Entry) -> Located<String>? {
        guard let zone = locatedText(entry) else { return nil }
        let bytes = zone.value.utf8
        let isName = bytes.allSatisfy { isAlphanumeric($0) || "_+-/".utf8.contains($0) }
        if let first = bytes.first, isAlphanumeric(first), isName, bytes.count <= 64 {
            return zone
        }
        problems.add(
            "\(quoted(zone.value)) is not a time zone",
            at: zone.mark,
            hint: "a time zone is called like Europe/Berlin or UTC"
        )
        return nil
    }
}

private let cronLengthMax = 200

/// One of the five numbers of a time that comes again.
private struct CronField {
    var article: String
    var name: String
    var range: ClosedRange<Int>

    static let all = [
        CronField(article: "a", name: "minute", range: 0...59),
        CronField(article: "an", name: "hour", range: 0...23),
        CronField(article: "a", name: "day", range: 1...31),
        CronField(article: "a", name: "month", range: 1...12),
        CronField(article: "a", name: "day of the week", range: 0...7),
    ]

    /// Whether the text is a list of numbers, ranges and steps that fit.
    func admits(_ text: Substring.UTF8View) -> Bool {
        text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .allSatisfy(admitsItem)
    }

    private func admitsItem(_ item: Substring.UTF8View) -> Bool {
        let parts = item.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if parts.count == 2, (number(parts[1]) ?? 0) < 1 { return false }
        guard parts.count <= 2, let first = parts.first else { return false }
        if first.elementsEqual("*".utf8) { return true }
        let ends = first.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            .map { number($0) }
        guard ends.count <= 2, let low = ends.first ?? nil, let high = ends.last ?? nil else {
            return false
        }
        return low <= high && range.contains(low) && range.contains(high)
    }

    private func number(_ text: Substring.UTF8View) -> Int? {
        text.allSatisfy(isDigit) ? Int(String(Substring(text))) : nil
    }
}
