import struct Foundation.Date
import struct Foundation.TimeZone

/// The clock of a place, which jumps twice a year.
///
/// Around one day it jumps once at most, so that two offsets and the moment between them tell
/// all of that day.
package struct LocalClock: Sendable {
    private let zone: TimeZone

    /// - Parameter name: Of the time zone database, such as `Europe/Berlin`; nil where it is none.
    package init?(named name: String) {
        guard name.utf8.allSatisfy({ $0 < 0x80 }), let zone = TimeZone(identifier: name) else {
            return nil
        }
        self.zone = zone
    }

    /// Seconds that the clock is ahead of UTC.
    func offset(at seconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }

    /// What is to know of one day.
    func face(of day: CivilDay) -> Face {
        let start = day.number * 86_400
        let (from, to) = (start - 86_400, start + 2 * 86_400)
        let (before, after) = (offset(at: from), offset(at: to))
        if before == after { return Face(before: before, after: after, jump: to) }
        // The first second with the later offset.
        var (low, high) = (from, to)
        while high - low > 1 {
            let middle = (low + high) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return Face(before: before, after: after, jump: high)
    }

    /// A day on this clock, in seconds since 1970.
    struct Face {
        var before: Int
        var after: Int
        /// When the clock jumps.
        var jump: Int

        /// When it shows this time: twice for what comes again, never for what is left out.
        func instants(of local: Int) -> [Int] {
            var instants: [Int] = []
            if local - before < jump { instants.append(local - before) }
            if local - after >= jump { instants.append(local - after) }
            return instants
        }
    }
}
