package import Core

package import struct Foundation.Date

/// A gate as the API shows it, with what people said about it.
package struct GateMessage: Codable, Sendable {
    package struct Word: Codable, Sendable {
        package var verdict: GateWord.Verdict
        package var actor: String
        package var reason: String?
        package var at: Date
    }

    package var job: Int64
    package var jobName: String
    package var build: Int64
    /// The index of its step.
    package var step: Int
    package var name: String
    package var state: Gate.State
    /// Why it waits, or ended as it did.
    package var reason: String
    package var approvers: [String]
    package var approvals: Int
    package var min: Int
    package var reachedAt: Date
    package var deadline: Date?
    package var endedAt: Date?
    package var words: [Word]

    package init(_ gate: Gate) {
        job = gate.job.rawValue
        jobName = gate.jobName
        build = gate.build.rawValue
        step = gate.position
        name = gate.name
        state = gate.state
        reason = gate.reason ?? gate.sentence
        approvers = gate.approvers
        approvals = gate.approvals.count
        min = gate.needed
        reachedAt = gate.reachedAt
        deadline = gate.deadline
        endedAt = gate.endedAt
        words = gate.words.map {
            Word(verdict: $0.verdict, actor: $0.actor, reason: $0.reason, at: $0.saidAt)
        }
    }
}

/// Body of `POST /api/v1/jobs/{id}/gates/{name}/approvals` and `…/rejections`.
package struct GateWordMessage: Codable, Sendable {
    package var reason: String?

    package init(reason: String? = nil) {
        self.reason = reason
    }
}
