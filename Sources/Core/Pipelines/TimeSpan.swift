/// A length of time in whole seconds, as pipelines write it: `30s`, `10m`, `2h`, `7d`.
package struct TimeSpan: Hashable, Comparable, Sendable {
    package var seconds: Int

    package init(seconds: Int) {
        self.seconds = seconds
    }

    package static func seconds(_ count: Int) -> TimeSpan { TimeSpan(seconds: count) }
    package static func minutes(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 60) }
    package static func hours(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 3_600) }
    package static func days(_ count: Int) -> TimeSpan { TimeSpan(seconds: count * 86_400) }

    /// What a file may say: from a second to thirty days.
    package static let range = TimeSpan.seconds(1)...TimeSpan.days(30)

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// Reads a whole number and its unit; nil where it is no such thing or out of ``range``.
    package init?(written text: String) {
        guard let (count, unit) = Measure.split(text), let length = Self.units[unit] else {
            return nil
        }
        let (seconds, overflows) = count.multipliedReportingOverflow(by: length)
        guard !overflows, Self.range.contains(TimeSpan(seconds: seconds)) else { return nil }
        self.seconds = seconds
    }

    private static let units = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
}

extension TimeSpan: CustomStringConvertible {
    /// The way it would be written, in the largest unit that leaves no rest.
    package var description: String {
        for (length, unit) in [(86_400, "d"), (3_600, "h"), (60, "m")]
        where seconds != 0 && seconds.isMultiple(of: length) {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }
}

extension TimeSpan: Codable {
    package init(from decoder: any Decoder) throws {
        seconds = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

/// A number and its unit, written without a space.
enum Measure {
    /// `10` and `m` of `10m`; nil without digits, or with more than fit.
    static func split(_ text: String) -> (count: Int, unit: String)? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        guard digits.count <= 18, let count = Int(String(decoding: digits, as: UTF8.self)) else {
            return nil
        }
        return (count, String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self))
    }
}
