package import struct Foundation.Date

/// A time at which a pipeline of the default branch starts again and again.
package struct Schedule: Equatable, Sendable {
    package var id: Int64
    package var repository: RepositoryID
    package var pipeline: String
    /// As ``Cron`` reads it.
    package var cron: String
    package var timezone: String
    package var onlyIfChanged: Bool
    package var forceEvery: TimeSpan?
    package var missed: MissedPolicy
    package var nextAt: Date
    /// The commit it started last.
    package var lastSHA: String?
    /// When it last started a build.
    package var lastAt: Date?

    package init(
        id: Int64,
        repository: RepositoryID,
        pipeline: String,
        cron: String,
        timezone: String,
        onlyIfChanged: Bool = false,
        forceEvery: TimeSpan? = nil,
        missed: MissedPolicy = .once,
        nextAt: Date,
        lastSHA: String? = nil,
        lastAt: Date? = nil
    ) {
        self.id = id
        self.repository = repository
        self.pipeline = pipeline
        self.cron = cron
        self.timezone = timezone
        self.onlyIfChanged = onlyIfChanged
        self.forceEvery = forceEvery
        self.missed = missed
        self.nextAt = nextAt
        self.lastSHA = lastSHA
        self.lastAt = lastAt
    }

    /// A schedule of a file, which has not been kept yet; nil where it can never come.
    package init?(
        _ trigger: ScheduleTrigger,
        of pipeline: String,
        in repository: RepositoryID,
        after now: Date
    ) {
        let zone = trigger.timezone?.value ?? "UTC"
        guard let cron = try? Cron(trigger.cron.value), let clock = LocalClock(named: zone),
            let next = cron.next(after: now, on: clock)
        else { return nil }
        self.init(
            id: 0,
            repository: repository,
            pipeline: pipeline,
            cron: cron.text,
            timezone: zone,
            onlyIfChanged: trigger.onlyIfChanged,
            forceEvery: trigger.forceEvery,
            missed: trigger.missed ?? .once,
            nextAt: next
        )
    }
}

extension Schedule {
    /// What follows when its time has come.
    package struct Firing: Equatable, Sendable {
        /// Why a build starts, in words; nil: none does.
        package var reason: String?
        /// The first time after now; nil: it never comes again.
        package var nextAt: Date?
    }

    /// A server that looks later than this was away, or too busy to be called on time.
    private static let patience = 120.0
    /// More missed times are not counted.
    private static let countedMax = 99

    /// Decides what a due schedule does; whatever passed meanwhile counts as one.
    ///
    /// - Parameters:
    ///   - sha: The commit of the default branch.
    ///   - now: Not before ``nextAt``.
    /// - Returns: Whether a build starts, and the next time.
    package func fire(at sha: String, now: Date) -> Firing {
        guard let cron = try? Cron(cron), let clock = LocalClock(named: timezone) else {
            return Firing(reason: nil, nextAt: nil)
        }
        let next = cron.next(after: now, on: clock)
        let lateness = now.timeIntervalSince(nextAt)
        let isLate = lateness > Self.patience
        if isLate, missed == .skip { return Firing(reason: nil, nextAt: next) }
        guard let why = cause(at: sha, now: now) else { return Firing(reason: nil, nextAt: next) }
        var reason = "Schedule `\(self.cron)`" + (timezone == "UTC" ? "" : " (\(timezone))") + why
        if isLate {
            reason += ", late: it was due \(CivilMoment(nextAt)) UTC"
            let others = missedCount(cron, clock, until: now) - 1
            if others > 0 {
                let count = others < Self.countedMax ? "\(others)" : "\(others) or more"
                let times = others == 1 ? "later time is" : "later times are"
                reason += ", and \(count) \(times) made up for too"
            }
        }
        return Firing(reason: reason, nextAt: next)
    }

    /// What the reason adds; nil where the branch is left alone.
    private func cause(at sha: String, now: Date) -> String? {
        guard onlyIfChanged, let lastSHA, lastSHA == sha else { return "" }
        guard let forceEvery, let lastAt else { return nil }
        // A build that is due a moment before the end of the time would else wait for another.
        let passed = now.timeIntervalSince(lastAt) + Self.patience
        guard passed >= Double(forceEvery.seconds) else { return nil }
        return ", without a new commit for \(forceEvery)"
    }

    private func missedCount(_ cron: Cron, _ clock: LocalClock, until now: Date) -> Int {
        var count = 1
        var date = nextAt
        while count <= Self.countedMax, let next = cron.next(after: date, on: clock), next <= now {
            count += 1
            date = next
        }
        return count
    }

    /// The next times, the first of which is ``nextAt``.
    package func upcoming(_ count: Int) -> [Date] {
        guard let cron = try? Cron(cron), let clock = LocalClock(named: timezone) else { return [] }
        var dates = [nextAt]
        while dates.count < count, let last = dates.last,
            let next = cron.next(after: last, on: clock)
        {
            dates.append(next)
        }
        return dates
    }
}
