package import struct Foundation.Date

/// How builds that nobody asked for in person make way for newer ones.
extension BuildSettings {
    /// Whether older queued builds of the same ref, pipeline and event merge into this one.
    ///
    /// What a person asked for, and a commit that no ref names, stay as they are.
    package func merges(_ event: Event, ref: String, isRetry: Bool) -> Bool {
        collapse == true && !ref.isEmpty && !isRetry && event.isAutomatic
    }

    /// The hold until the ref has been still for long enough; nil where none is asked for.
    package func quietHold(for event: Event, ref: String, at now: Date) -> BuildHold? {
        guard let quiet, event.isMove, !ref.isEmpty else { return nil }
        return .quiet(quiet, of: ref, until: now.addingTimeInterval(Double(quiet.seconds)))
    }
}

extension Event {
    /// Whether commits arrived one after the other.
    fileprivate var isMove: Bool {
        switch self {
        case .push, .pullRequest: true
        case .tag, .schedule, .pipeline, .manual, .trial: false
        }
    }

    /// Whether it comes again by itself.
    fileprivate var isAutomatic: Bool {
        switch self {
        case .push, .pullRequest, .schedule, .pipeline: true
        case .tag, .manual, .trial: false
        }
    }
}

extension ConcurrencySpec {
    /// What a build of an event does in a full group: a try never cancels what is no try.
    package func policy(for event: Event) -> ConcurrencyPolicy {
        switch event {
        case .trial: .queue
        case .push, .pullRequest, .tag, .schedule, .pipeline, .manual: onNew
        }
    }
}

extension BuildHold {
    /// Until nothing has moved the ref for so long.
    package static func quiet(_ span: TimeSpan, of ref: String, until: Date) -> BuildHold {
        BuildHold(
            kind: .quiet,
            until: until,
            reason: "It waits until \(Ref.short(ref)) has been quiet for \(span): "
                + "\(CivilMoment.withSeconds(until)) UTC, if nothing more is pushed."
        )
    }

    /// Until its group has a place.
    ///
    /// - Parameters:
    ///   - spec: The group and its limit.
    ///   - subject: What tells the group from those of other repositories.
    ///   - holders: The numbers of the builds that have the places.
    ///   - ahead: How many builds wait for one already.
    /// - Returns: The hold, which goes when a place is free and nobody is ahead.
    package static func concurrency(
        _ spec: ConcurrencySpec,
        subject: String,
        holders: [Int],
        ahead: Int
    ) -> BuildHold {
        let numbers = holders.map { "#\($0)" }.listed
        let builds = holders.count == 1 ? "build" : "builds"
        var reason = "It waits for a place in its group \(quoted(spec.group)): "
        reason += "\(builds) \(numbers) "
        reason += spec.limit == 1 ? "has the only one" : "have all \(spec.limit)"
        if ahead > 0 { reason += ", and \(ahead) more wait before it" }
        return BuildHold(kind: .concurrency, subject: subject, reason: reason + ".")
    }
}

/// A commit that a build answers for, though another build, or none, was begun for it.
package struct CoveredCommit: Equatable, Sendable {
    package var sha: String
    package var subject: String
    package var author: String
    /// The build that merged into the newer one; nil for a push that started none.
    package var build: BuildID?

    package init(sha: String, subject: String, author: String, build: BuildID?) {
        self.sha = sha
        self.subject = subject
        self.author = author
        self.build = build
    }
}

extension [CoveredCommit] {
    private static var namedMax: Int { 5 }

    /// What the reason of the build that covers them adds.
    package var phrase: String {
        guard !isEmpty else { return "" }
        let named = prefix(Self.namedMax).map { commit in
            String(decoding: commit.sha.utf8.prefix(8), as: UTF8.self)
        }
        let rest = count > named.count ? " and \(count - named.count) more" : ""
        return ", also covers \(named.joined(separator: ", "))\(rest)"
    }
}
