package import Core

package import struct Foundation.Date

/// What holds a build back.
package struct HoldMessage: Codable, Sendable, Equatable {
    package var kind: BuildHold.Kind
    /// When it goes by itself; absent where it does not.
    package var until: Date?
    package var reason: String

    package init(_ hold: BuildHold) {
        kind = hold.kind
        until = hold.until
        reason = hold.reason
    }
}

/// A commit that a build answers for beside its own.
package struct CoveredCommitMessage: Codable, Sendable, Equatable {
    package var sha: String
    package var subject: String
    package var author: String
    /// The build that merged into the newer one; absent for a push that started none.
    package var build: Int64?

    package init(_ commit: CoveredCommit) {
        sha = commit.sha
        subject = commit.subject
        author = commit.author
        build = commit.build?.rawValue
    }
}

/// A time at which a pipeline of the default branch starts.
package struct ScheduleMessage: Codable, Sendable, Equatable {
    package var pipeline: String
    package var cron: String
    package var timezone: String
    package var onlyIfChanged: Bool
    /// Seconds.
    package var forceEvery: Int?
    package var missed: MissedPolicy
    /// The next times, soonest first.
    package var next: [Date]
    /// When it last started a build, and of which commit.
    package var lastAt: Date?
    package var lastSha: String?

    package init(_ schedule: Schedule, next: [Date]) {
        pipeline = schedule.pipeline
        cron = schedule.cron
        timezone = schedule.timezone
        onlyIfChanged = schedule.onlyIfChanged
        forceEvery = schedule.forceEvery?.seconds
        missed = schedule.missed
        self.next = next
        lastAt = schedule.lastAt
        lastSha = schedule.lastSHA
    }
}
