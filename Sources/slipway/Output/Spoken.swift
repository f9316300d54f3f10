import Foundation

/// Times, spans and sizes as people say them.
enum Spoken {
    /// `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    static func span(_ seconds: TimeInterval) -> String {
        let seconds = max(0, seconds)
        if seconds < 9.95 {
            return seconds.formatted(.number.precision(.fractionLength(1)).locale(posix)) + " s"
        }
        let whole = Int(min(seconds.rounded(), 1e15))
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3_600: return "\(whole / 60) min \(whole % 60) s"
        case ..<86_400: return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
        case _: return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
        }
    }

    /// How long something has taken, or took; empty before it began.
    static func span(from start: Date?, to end: Date?, now: Date) -> String {
        start.map { span((end ?? now).timeIntervalSince($0)) } ?? ""
    }

    /// `just now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`.
    static func age(_ date: Date, now: Date) -> String {
        let seconds = Int(min(max(0, now.timeIntervalSince(date)), 1e15))
        switch seconds {
        case ..<2: return "just now"
        case ..<60: return "\(seconds) s ago"
        case ..<3_600: return "\(seconds / 60) min ago"
        case ..<86_400: return "\(seconds / 3_600) h ago"
        case _: return "\(seconds / 86_400) d ago"
        }
    }

    /// `512 B`, `3.4 KiB`, `120 MiB`.
    static func size(_ bytes: Int) -> String {
        var size = Double(bytes)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if size < 1_024 || unit == "GiB" {
                let digits = unit == "B" || size >= 100 ? 0 : 1
                let format = FloatingPointFormatStyle<Double>.number
                    .precision(.fractionLength(digits)).grouping(.never).locale(posix)
                return "\(size.formatted(format)) \(unit)"
            }
            size /= 1_024
        }
        return "\(bytes) B"
    }

    /// The first eight digits of a commit or digest.
    static func short(_ sha: String) -> String {
        let digits = sha.split(separator: ":").last ?? ""
        return String(digits.prefix(8))
    }

    /// The first line of a text.
    static func subject(_ message: String) -> String {
        String(message.split(whereSeparator: \.isNewline).first ?? "")
    }

    private static let posix = Locale(identifier: "en_US_POSIX")
}
