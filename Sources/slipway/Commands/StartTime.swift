import ArgumentParser
import Core
import Foundation

/// A time given on the command line, with its offset from UTC.
struct StartTime: ExpressibleByArgument, Equatable {
    var date: Date

    init?(argument: String) {
        guard let date = try? Date(argument, strategy: .iso8601) else { return nil }
        self.date = date
    }
}

/// A length of time given on the command line, in the way of pipeline files.
struct Delay: ExpressibleByArgument, Equatable {
    var span: TimeSpan

    init?(argument: String) {
        guard let span = TimeSpan(written: argument) else { return nil }
        self.span = span
    }

    func end(from now: Date) -> Date { now.addingTimeInterval(Double(span.seconds)) }
}
