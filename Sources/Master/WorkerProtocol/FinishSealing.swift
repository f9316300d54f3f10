import Core
import Foundation
import Storage
import Wire

/// What comes before an attempt may end: its logs are whole and on disk, its artifacts kept.
struct FinishSealing: Sendable {
    let database: ControlDatabase
    let leases: LeaseTable
    let logs: LogStore
    let artifacts: ArtifactKeeper
    let mirrors: Mirrors

    /// The answer to a finish, and the end to be written when nothing is missing.
    struct Outcome: Sendable {
        var answer: AttemptAnswer
        var end: (LeaseTable.Lease, AttemptEnd)?
    }

    func outcome(of report: FinishReport, worker: String, at now: Date) async throws -> Outcome {
        let id = AttemptID(report.attempt)
        guard let lease = leases.lease(of: id, fence: report.fence, worker: worker) else {
            return Outcome(answer: try await answerWithoutLease(report, worker: worker))
        }
        var report = report
        if let missing = try seal(&report, of: lease) { return Outcome(answer: missing) }
        var end = AttemptEnd(
            result: report.result,
            reason: report.reason.map { String($0.prefix(2_000)) },
            steps: report.steps.map { Step($0, at: now) },
            logDigests: Dictionary(
                report.steps.compactMap { step in step.logDigest.map { (step.index, $0) } },
                uniquingKeysWith: { first, _ in first }
            ),
            artifacts: try await artifacts.keep(report.artifacts, by: lease),
            outputs: bounded(report.outputs ?? [:]),
            summary: report.summary,
            variables: bounded(report.variables ?? [:]),
            gate: report.gate
        )
        if let fragments = report.additions, end.result.isGreen {
            try await take(fragments, into: &end, of: lease)
        }
        return Outcome(
            answer: AttemptAnswer(attempt: report.attempt, verdict: .ok),
            end: (lease, end)
        )
    }

    /// Whatever a worker says, a row stays of a size that can be read with its build.
    private func bounded(_ outputs: [String: String]) -> [String: String] {
        var left = Self.outputBytesMax
        return outputs.filter { name, value in
            left -= name.utf8.count + value.utf8.count
            return left >= 0
        }
    }

    /// Of all outputs of one job together.
    private static let outputBytesMax = 1 << 20

    /// A repeated report of an end that was noted already is answered as the first one was.
    private func answerWithoutLease(
        _ report: FinishReport,
        worker: String
    ) async throws -> AttemptAnswer {
        let known = try await database.read { try $0.attempt(AttemptID(report.attempt))?.attempt }
        let isRepeated =
            known?.state == .finished && known?.fence == report.fence && known?.worker == worker
        return AttemptAnswer(attempt: report.attempt, verdict: isRepeated ? .ok : .stale)
    }

    /// Puts the logs on disk and compares them with what the worker says it sent.
    private func seal(
        _ report: inout FinishReport,
        of lease: LeaseTable.Lease
    ) throws -> AttemptAnswer? {
        var missing: [String: Int] = [:]
        for index in report.steps.indices {
            let step = report.steps[index]
            guard let wanted = step.logLength, wanted > 0 else { continue }
            guard (0...JobSpec.stepsMax).contains(step.index) else { continue }
            let known = try logs.seal(lease.build, attempt: lease.attempt, step: step.index)
            if known.length < wanted {
                missing[String(step.index)] = known.length
            } else if known.length != wanted || known.digest != step.logDigest {
                report.steps[index].logGap =
                    "the log that arrived is not the one the worker read: "
                    + "\(known.length) bytes, \(wanted) expected"
            }
        }
        if missing.isEmpty { return nil }
        return AttemptAnswer(
            attempt: lease.attempt.rawValue,
            verdict: .logIncomplete,
            expected: missing
        )
    }
}

extension Step {
    /// A worker's report in the master's time; its name and kind are the row's business.
    init(_ report: StepReport, at now: Date) {
        self.init(
            index: report.index,
            name: "",
            kind: report.index == 0 ? .setup : .run,
            state: report.state,
            result: report.result,
            exitCode: report.exitCode,
            reason: report.reason.map { String($0.prefix(2_000)) },
            startedAt: report.startedAgo.map { now.addingTimeInterval(-Double($0) / 1_000) },
            finishedAt: report.finishedAgo.map { now.addingTimeInterval(-Double($0) / 1_000) },
            logLength: report.logLength ?? 0,
            logGap: report.logGap
        )
    }
}
