import struct Foundation.Date

/// How long a blob nothing refers to is kept.
enum GarbageRule {
    /// A blob is touched again only after this time, so that most looks write nothing.
    static let touchInterval: Int64 = 3_600_000
    /// From the last touch on, in milliseconds: a day, and the interval that may be missing.
    static let keep: Int64 = 24 * 3_600_000 + touchInterval

    static func needsTouch(_ blob: BlobRows.Blob, at now: Date) -> Bool {
        blob.touchedAt < now.milliseconds - touchInterval
    }
}

extension Date {
    /// Milliseconds since 1970: how the store writes times.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}
