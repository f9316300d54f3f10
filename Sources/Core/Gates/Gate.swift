package import struct Foundation.Date

/// A gate that a job has reached: it waits there for people, without a worker.
package struct Gate: Equatable, Sendable {
    package enum State: String, Sendable, CaseIterable, Codable {
        case waiting
        case open
        case rejected
        /// Nobody opened it in time.
        case expired
        /// Its job ended for another reason.
        case cancelled
    }

    package var job: JobID
    package var jobName: String
    package var build: BuildID
    /// The index of its step.
    package var position: Int
    package var name: String
    /// Names of people, or `team:NAME`; empty: everyone who may start builds.
    package var approvers: [String]
    /// How many of them have to agree.
    package var needed: Int
    package var state: State
    /// Why it ended as it did.
    package var reason: String?
    package var reachedAt: Date
    /// Nil: it waits without end.
    package var deadline: Date?
    package var endedAt: Date?
    /// What people said, oldest first.
    package var words: [GateWord]

    package init(
        job: JobID,
        jobName: String,
        build: BuildID,
        position: Int,
        name: String,
        approvers: [String],
        needed: Int,
        state: State = .waiting,
        reason: String? = nil,
        reachedAt: Date,
        deadline: Date? = nil,
        endedAt: Date? = nil,
        words: [GateWord] = []
    ) {
        self.job = job
        self.jobName = jobName
        self.build = build
        self.position = position
        self.name = name
        self.approvers = approvers
        self.needed = needed
        self.state = state
        self.reason = reason
        self.reachedAt = reachedAt
        self.deadline = deadline
        self.endedAt = endedAt
        self.words = words
    }

    /// Who has agreed so far.
    package var approvals: [String] {
        words.filter { $0.verdict == .approved }.map(\.actor)
    }

    /// Why its job waits, as the sentence people read.
    package var sentence: String {
        let many = needed == 1 ? "1 approval" : "\(needed) approvals"
        return "It waits at the gate \(name): \(approvals.count) of \(many); "
            + "may be opened by \(whoMay)."
    }

    private var whoMay: String {
        if approvers.isEmpty { return "everyone who may start builds" }
        return approvers.map { approver in
            Self.team(in: approver).map { "team \($0)" } ?? approver
        }
        .joined(separator: ", ")
    }

    /// The team that an approver stands for; nil: it is a person's name.
    static func team(in approver: String) -> String? {
        let prefix = "team:"
        guard approver.utf8.starts(with: prefix.utf8) else { return nil }
        return String(decoding: approver.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}

/// What somebody said about a gate.
package struct GateWord: Equatable, Sendable {
    package enum Verdict: String, Sendable, CaseIterable, Codable {
        case approved
        case rejected
    }

    package var verdict: Verdict
    package var actor: String
    package var reason: String?
    package var saidAt: Date

    package init(verdict: Verdict, actor: String, reason: String? = nil, saidAt: Date) {
        self.verdict = verdict
        self.actor = actor
        self.reason = reason
        self.saidAt = saidAt
    }
}
