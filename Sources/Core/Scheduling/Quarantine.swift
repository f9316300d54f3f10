package import struct Foundation.Date

/// How far a worker's own machinery is trusted.
package struct WorkerHealth: Equatable, Sendable {
    /// Attempts in a row that its machinery failed.
    package var failures: Int
    /// Until then it gets no jobs; nil: it is trusted.
    package var quarantinedUntil: Date?
    /// What failed last.
    package var reason: String?

    package init(failures: Int = 0, quarantinedUntil: Date? = nil, reason: String? = nil) {
        self.failures = failures
        self.quarantinedUntil = quarantinedUntil
        self.reason = reason
    }

    /// Failures in a row that are bad luck.
    package static let failuresMax = 2
    private static let first = 60.0
    private static let longest = 3_600.0

    /// Whether it is left alone now.
    package func isQuarantined(at now: Date) -> Bool {
        quarantinedUntil.map { now < $0 } ?? false
    }

    /// Decides what follows from one more failure: from the third in a row on the worker is left
    /// alone for a minute, and twice as long with each further one, up to an hour.
    ///
    /// A job that shows that it works again ends all this; so does a person's word.
    package func failed(because reason: String, at now: Date) -> WorkerHealth {
        var health = self
        health.failures += 1
        health.reason = reason
        guard health.failures > Self.failuresMax else { return health }
        let doublings = min(health.failures - Self.failuresMax - 1, 10)
        let pause = min(Self.first * Double(1 << doublings), Self.longest)
        // Jobs that were given out before end after it; they make it no shorter.
        health.quarantinedUntil = max(
            quarantinedUntil ?? now,
            now.addingTimeInterval(pause)
        )
        return health
    }
}

/// Decides whether the end of an attempt says that the worker's machinery failed.
///
/// - Parameters:
///   - result: Of the attempt.
///   - steps: As the worker told them. A step whose own exit code means `exception` says so of
///     itself: whoever writes pipelines must not be able to close a worker.
/// - Returns: Whether it counts against the worker.
package func isFailureOfWorker(_ result: BuildResult, _ steps: [Step]) -> Bool {
    guard result == .exception else { return false }
    let broken = steps.filter { $0.result == .exception }
    return broken.isEmpty || broken.contains { $0.exitCode == nil }
}
