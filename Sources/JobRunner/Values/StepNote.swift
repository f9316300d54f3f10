package import Core

/// How a step stands, as the berth keeps it on disk.
package struct StepNote: Equatable, Sendable, Codable {
    /// 0 is the setup.
    package var index: Int
    package var state: Progress
    /// Set when `state` is finished.
    package var result: BuildResult?
    package var exitCode: Int?
    /// Why it ended as it did, where the result alone does not say.
    package var reason: String?
    package var startedAt: Moment?
    package var finishedAt: Moment?
    /// Of the whole log; set when it has ended.
    package var logLength: Int?
    /// Lower-case hexadecimal SHA-256 of the whole log; set when it has ended.
    package var logDigest: String?
    /// What is missing from the log and why; nil when it is whole.
    package var logGap: String?
    /// It began after the job was cancelled or its time was over, and runs in spite of that.
    var isAfterwards = false
    /// Which of the berth's containers runs it; nil for what we do ourselves.
    var container: Int?
    /// Set where its image has no shell, so that its own program is the container's.
    var isProgram: Bool?
    /// Which file its output went to at first, so that another in its place is noticed.
    var inode: UInt64?
    /// Tries so far, the running one included; nil: the first.
    var tries: Int?
    /// What it told through its files, once it has ended.
    var told: StepTold?

    init(index: Int, state: Progress) {
        self.index = index
        self.state = state
    }
}

/// How something ended, and why where that is not obvious.
package struct Verdict: Equatable, Sendable {
    package var result: BuildResult
    package var reason: String?

    package init(_ result: BuildResult, _ reason: String? = nil) {
        self.result = result
        self.reason = reason
    }

    package static let success = Verdict(.success)
}

/// How a job ended, with all of its steps.
package struct JobOutcome: Equatable, Sendable, Codable {
    package var result: BuildResult
    package var reason: String?
    /// In order, from the setup on; those that never began are there too.
    package var steps: [StepNote]
    /// The step at which it ended because people have to agree first; nil: it came to its end.
    package var gate: Int?
    /// What the steps told later jobs, a later step's over an earlier one's.
    package var outputs: [String: String] { merged(\.outputs) }
    /// What the steps set for later ones.
    package var variables: [String: String] { merged(\.environment) }
    /// Markdown that the steps wrote for people; nil: none.
    package var summary: String? {
        let parts = steps.compactMap(\.told?.summary)
        return parts.isEmpty ? nil : parts.joined(separator: "\n")
    }
    /// Pipeline fragments whose jobs are to join the build, if it ended well.
    package var generatedJobs: [String] {
        result.isGreen ? steps.compactMap(\.told?.jobs) : []
    }

    private func merged(_ part: (StepTold) -> [String: String]?) -> [String: String] {
        steps.compactMap(\.told).compactMap(part).reduce(into: [:]) { $0.merge($1) { $1 } }
    }
}

/// What just became true of a running job.
package enum JobEvent: Equatable, Sendable {
    case stepStarted(StepNote)
    /// The log of a step has grown to this many bytes, which ``Berth/log(of:)`` now gives.
    case output(step: Int, length: Int)
    case stepFinished(StepNote)
    /// Something of the job as a whole that people may want to know, and no log has a place for.
    case remark(String)
}
