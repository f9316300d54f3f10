/// Why a text is no time that comes again.
package struct CronError: Error, Equatable, Sendable {
    package var message: String
    /// Where in the text, in bytes.
    package var offset: Int
    package var hint: String
}

extension Cron {
    /// More is no time but an attack.
    private static let lengthMax = 200
    /// Beyond it every combination of a date and a weekday has come.
    private static let yearsMax = 41

    private static let shortForms = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
        "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
        "@hourly": "0 * * * *",
    ]

    /// Reads five fields, or a short form such as `@daily`.
    package init(_ text: String) throws(CronError) {
        self.text = text
        guard text.utf8.count <= Self.lengthMax else { throw Self.noTime(text) }
        let written = Self.shortForms[text] ?? text
        let words = written.words
        guard words.count == 5 else { throw Self.noTime(text) }
        let minute = try CronField.minute.plain(words[0])
        let hour = try CronField.hour.plain(words[1])
        let month = try CronField.month.plain(words[3])
        minutes = minute.numbers
        hours = hour.numbers
        months = month.numbers
        isEveryHour = hour.isAny
        days = try CronField.day.days(words[2])
        weekdays = try CronField.weekday.weekdays(words[4])
        guard comesEver else {
            throw CronError(
                message: "\(quoted(text)) never comes",
                offset: 0,
                hint: "no such month has that day"
            )
        }
    }

    private static func noTime(_ text: String) -> CronError {
        let names = shortForms.keys.sorted()
        guard text.utf8.first == UInt8(ascii: "@") else {
            return CronError(
                message: "\(quoted(text)) is not a time",
                offset: 0,
                hint: "five fields: \(CronField.allCases.map(\.name).listed), "
                    + "such as '30 2 * * *', or a short form such as '@daily'"
            )
        }
        return CronError(
            message: "\(quoted(text)) is not a time",
            offset: 0,
            hint: "the short forms are \(names.listed)"
        )
    }

    private var comesEver: Bool {
        let first = CivilDay(year: 2_000, month: 1, day: 1).number
        return (first..<first + Self.yearsMax * 366).contains { comes(on: CivilDay(number: $0)) }
    }
}

/// A field as it is written, and where.
struct CronWord {
    var bytes: Substring.UTF8View
    var offset: Int

    var text: String { String(Substring(bytes)) }

    func split(_ separator: Unicode.Scalar) -> [CronWord] {
        bytes.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false)
            .map { part in
                let distance = bytes.distance(from: bytes.startIndex, to: part.startIndex)
                return CronWord(bytes: part, offset: offset + distance)
            }
    }
}

extension String {
    /// What stands between blanks.
    fileprivate var words: [CronWord] {
        let bytes = self[...].utf8
        return bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { part in
                let offset = bytes.distance(from: bytes.startIndex, to: part.startIndex)
                return CronWord(bytes: part, offset: offset)
            }
    }
}
