import Core
import Foundation
import Wire

/// What has become of a build's jobs and steps since one last looked, line by line.
struct BuildStory {
    private struct Seen: Equatable {
        var state = Core.Progress.waiting
        var waitingReason: String?
        var attempt = 0
        /// By index.
        var steps: [Int: Core.Progress] = [:]
    }

    private var jobs: [Int64: Seen] = [:]

    /// The lines that are new, each of parts that stand beside each other.
    mutating func news(in build: BuildMessage) -> [[Tinted]] {
        (build.jobs ?? []).flatMap { news(in: $0) }
    }

    private mutating func news(in job: JobMessage) -> [[Tinted]] {
        let before = jobs[job.id] ?? Seen()
        var after = Seen(
            state: job.state,
            waitingReason: job.waitingReason,
            attempt: job.attempt
        )
        for step in job.steps { after.steps[step.index] = step.state }
        jobs[job.id] = after
        guard before != after else { return [] }

        let name = Tinted("\(job.name):", .bold)
        var lines: [[Tinted]] = []
        if job.state == .waiting, let reason = job.waitingReason, reason != before.waitingReason {
            lines.append([name, Core.Progress.waiting.word(nil), Tinted("(\(reason))")])
        }
        if job.attempt > 1, job.attempt != before.attempt {
            lines.append([name, Tinted("attempt \(job.attempt)", .yellow)])
        }
        if job.state == .running, before.state != .running {
            let place = job.worker.map { "on \($0)" } ?? ""
            lines.append([name, Core.Progress.running.word(nil), Tinted(place)])
        }
        let isSameAttempt = job.attempt == before.attempt
        for step in job.steps {
            let state = (isSameAttempt ? before.steps[step.index] : nil) ?? .waiting
            if state != step.state { lines.append(line(step, of: job)) }
        }
        if job.state == .finished, before.state != .finished {
            lines.append([name, job.state.word(job.result)] + ending(job))
        }
        return lines
    }

    private func line(_ step: StepMessage, of job: JobMessage) -> [Tinted] {
        let name = Tinted("\(job.name) / \(step.name):")
        guard step.state == .finished else { return [name, step.state.word(nil)] }
        return [name, step.state.word(step.result)] + step.ending
    }

    private func ending(_ job: JobMessage) -> [Tinted] {
        [
            Tinted(job.reason.map { "(\($0))" } ?? ""),
            Tinted(span(job.startedAt, job.finishedAt), .dim),
        ]
    }
}

extension StepMessage {
    /// Why and when it ended.
    fileprivate var ending: [Tinted] {
        [
            Tinted(remark.isEmpty ? "" : "(\(remark))"),
            Tinted(span(startedAt, finishedAt), .dim),
        ]
    }

    /// What the result alone does not say.
    var remark: String {
        var parts: [String] = []
        if let exitCode, exitCode != 0 { parts.append("exit code \(exitCode)") }
        if let reason { parts.append(reason) }
        if let logGap { parts.append("log: \(logGap)") }
        return parts.joined(separator: ", ")
    }
}

private func span(_ start: Date?, _ end: Date?) -> String {
    guard let start, let end else { return "" }
    return Spoken.span(end.timeIntervalSince(start))
}
