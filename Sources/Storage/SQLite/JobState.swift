import Core

/// The words of the column `job.state`: Core's ``JobGraph/State`` without its results.
enum JobState {
    static let blocked = "blocked"
    static let ready = "ready"
    static let running = "running"
    static let finished = "finished"
}

/// What people read about a job before or after Core's ``WaitingReason`` applies.
enum Waiting {
    static let queued = "It was just queued: the next round of the dispatcher looks at it."

    /// Why a job ended whose row cannot be used.
    static let unreadable = "What is stored of this job is unreadable: retry the build."

    static func needs(_ names: [String]) -> String {
        "It waits for \(names.joined(separator: ", "))."
    }

    static func offered(to worker: String) -> String {
        "Worker \(worker) was asked to take it and has not answered yet."
    }
}

extension JobGraph.Step {
    var job: JobID {
        switch self {
        case .ready(let id): id
        case .finish(let id, _, _): id
        case .wait(let id, _): id
        case .hold(let id, _): id
        case .stop(let id, _): id
        }
    }

    var isReady: Bool {
        switch self {
        case .ready: true
        case .finish, .wait, .hold, .stop: false
        }
    }
}

extension JobGraph.State {
    /// Nil when the columns contradict each other, which the checks of the table prevent.
    init?(state: String, result: BuildResult?) {
        switch (state, result) {
        case (JobState.blocked, nil): self = .blocked
        case (JobState.ready, nil): self = .ready
        case (JobState.running, nil): self = .running
        case (JobState.finished, let result?): self = .finished(result)
        case _: return nil
        }
    }
}
