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
                forceEvery: fields[.forceEvery].flatMap { duration($0) },
                missed: fields[.missed].flatMap { choice($0, MissedPolicy.self) }
            )
        }
    }

    private mutating func cron(_ entry: Entry) -> Located<String>? {
        guard let cron = locatedText(entry) else { return nil }
        do throws(CronError) {
            _ = try Cron(cron.value)
            return cron
        } catch {
            problems.add(
                error.message,
                at: cron.mark.advanced(by: error.offset, in: cron.value),
                hint: error.hint
            )
            return nil
        }
    }

    private mutating func timezone(_ entry: Entry) -> Located<String>? {
        guard let zone = locatedText(entry) else { return nil }
        if LocalClock(named: zone.value) != nil { return zone }
        problems.add(
            "\(quoted(zone.value)) is not a time zone",
            at: zone.mark,
            hint: "a time zone is called like Europe/Berlin or UTC"
        )
        return nil
    }
}
