import Core

/// How long a step has written nothing.
struct Silence {
    let limit: TimeSpan?
    private var length = -1
    private var end = Moment.now

    init(limit: TimeSpan?) {
        self.limit = limit
    }

    /// Begins anew where the log has grown.
    mutating func note(length: Int) {
        guard let limit, length != self.length else { return }
        self.length = length
        end = Moment.now.after(seconds: limit.seconds)
    }

    /// Set once it has lasted too long.
    var verdict: Verdict? {
        guard let limit, end <= .now else { return nil }
        return Verdict(.failure, "wrote nothing for \(limit)")
    }
}
