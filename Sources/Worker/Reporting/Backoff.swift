/// How long to wait before a call is tried again: doubling, with full jitter.
///
/// The jitter is applied after the cap, so that a thousand workers whose master was away do not
/// all come back at the same moment.
struct Backoff {
    private var failures = 0

    private static let first = 0.5
    private static let cap = 30.0

    mutating func reset() {
        failures = 0
    }

    mutating func next() -> Duration {
        let limit = min(Self.cap, Self.first * Double(1 << min(failures, 10)))
        failures += 1
        return .seconds(Double.random(in: 0...limit))
    }
}
