import Core

import struct Foundation.Date

extension BuildJob {
    /// The step that made it red.
    var redStep: BuildStep? { steps.first { $0.standing.isRed } }

    /// What needs somebody comes first, a job that nobody can run before those that run.
    var urgency: Int { standing == .waiting && isUnserved ? 1 : standing.urgency }

    /// One line for the drawing: how long and where, or why not yet.
    func brief(now: Date) -> String {
        guard let startedAt else {
            switch standing {
            case .waiting, .running: return waitingReason ?? "waits"
            case .finished: return reason ?? standing.word
            }
        }
        let took = spelled((finishedAt ?? now).timeIntervalSince(startedAt))
        return worker.map { "\(took) on \($0)" } ?? took
    }

    /// What its name leaves open: where it is, what failed, why it waits.
    var note: Markup {
        switch standing {
        case .waiting:
            return waitingReason.map { "\(name: $0)" } ?? "waits"
        case .running:
            guard let step = steps.last(where: { $0.standing == .running }) else { return "starts" }
            return "step \(name: step.name), \(step.index + 1) of \(steps.count)"
        case .finished(let result):
            return finishedNote(result)
        }
    }

    private func finishedNote(_ result: BuildResult) -> Markup {
        let tries: Markup = attempt > 1 ? ", attempt \(attempt)" : ""
        switch result {
        case .success:
            return attempt > 1 ? "attempt \(attempt)" : ""
        case .failure, .exception, .warnings:
            if let step = redStep { return "step \(name: step.name), \(step.ending)\(tries)" }
            return "\(name: reason ?? standing.word)\(tries)"
        case .skipped, .cancelled, .retry:
            return "\(name: reason ?? standing.word)\(tries)"
        }
    }
}

extension BuildStep {
    /// How it ended: `exit 1`, or in the worker's words.
    var ending: Markup {
        if let reason { return "\(name: reason)" }
        if let exitCode { return "exit \(exitCode)" }
        return Markup(text: standing.word)
    }

    /// What its name leaves open.
    var note: Markup {
        let gap: Markup = logGap.map { " · \(name: $0)" } ?? ""
        switch standing {
        case .waiting, .running:
            return gap
        case .finished(let result):
            switch result {
            case .success: return gap
            case .warnings, .failure, .exception: return ending + gap
            case .skipped, .cancelled, .retry: return (reason.map { "\(name: $0)" } ?? "") + gap
            }
        }
    }
}
