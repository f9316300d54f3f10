import Glibc

/// A point on the machine's own clock, which counts on through sleep and is never set back.
///
/// It keeps its meaning when our process is started again, but not the machine: by then no
/// container is left to ask about.
package struct Moment: Hashable, Sendable, Codable {
    /// Since the machine was started.
    package let milliseconds: Int

    package init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    package static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Moment(milliseconds: time.tv_sec * 1_000 + time.tv_nsec / 1_000_000)
    }

    /// Milliseconds from here until now; never negative.
    package var age: Int { max(0, Moment.now.milliseconds - milliseconds) }

    func after(seconds: Int) -> Moment {
        Moment(milliseconds: milliseconds + seconds * 1_000)
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Moment: Comparable {
    package static func < (left: Moment, right: Moment) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
