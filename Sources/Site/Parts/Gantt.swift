import struct Foundation.Date

/// The build's clock, on which each job is a bar 200 wide.
struct Gantt {
    private let start: Date
    private let length: Double
    private let standing: Standing
    private let now: Date

    init(from start: Date, to end: Date?, standing: Standing, now: Date) {
        self.start = start
        self.now = now
        self.standing = standing
        length = max((end ?? now).timeIntervalSince(start), 0.001)
    }

    /// The job's bar; one that has not begun has none, one that still waits is dotted.
    func bar(of job: BuildJob) -> Markup {
        let tick: Markup =
            standing.isFinished
            ? "<path class=\"tick is-\(standing.word)\" d=\"M199.5 0v14\"/>" : ""
        return """
            <svg class="gantt" viewBox="0 0 200 14" width="200" height="14" \
            aria-hidden="true">\(tick)\(shape(of: job))</svg>
            """
    }

    private func shape(of job: BuildJob) -> Markup {
        guard let began = job.startedAt else {
            guard job.standing == .waiting, let since = job.waitingSince else { return "" }
            return "<path class=\"wait\" d=\"M\(Length(x(since))) 7H200\"/>"
        }
        let left = x(began)
        let width = max(1.5, x(job.finishedAt ?? now) - left)
        return """
            <rect class="is-\(job.standing.word)" x="\(Length(min(left, 198.5)))" y="4" \
            width="\(Length(width))" height="6"/>
            """
    }

    private func x(_ date: Date) -> Double {
        min(200, max(0, 200 * date.timeIntervalSince(start) / length))
    }
}
