import struct Foundation.Date

/// The database's time: whole milliseconds since 1970 UTC.
extension Date {
    /// A time that a worker made up is kept within what fits.
    var milliseconds: Int64 {
        let milliseconds = (timeIntervalSince1970 * 1_000).rounded()
        guard milliseconds.isFinite else { return 0 }
        return Int64(min(max(milliseconds, -Self.limit), Self.limit))
    }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1_000)
    }

    /// As it will read after a trip through the database.
    var inMilliseconds: Date { Date(milliseconds: milliseconds) }

    /// Beyond this a double skips whole numbers.
    private static let limit = 9_007_199_254_740_992.0
}
