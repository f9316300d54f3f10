package import struct Foundation.Date

/// A job that may start, as the dispatcher sees it.
package struct WaitingJob: Equatable, Sendable {
    package var id: JobID
    package var labels: [String]
    package var since: Date

    package init(id: JobID, labels: [String], since: Date) {
        self.id = id
        self.labels = labels
        self.since = since
    }
}

/// A worker as the dispatcher sees it.
package struct WorkerSnapshot: Equatable, Sendable {
    package var name: String
    package var labels: Set<String>
    package var slots: Int
    /// Slots that no job holds.
    package var freeSlots: Int
    /// Set by a person: takes no new jobs.
    package var isPaused: Bool
    /// Whether it dialled in lately.
    package var isPresent: Bool
    /// Whether it is waiting for work right now, so that an assignment reaches it.
    package var isAsking: Bool

    package init(
        name: String,
        labels: Set<String>,
        slots: Int,
        freeSlots: Int,
        isPaused: Bool,
        isPresent: Bool,
        isAsking: Bool
    ) {
        self.name = name
        self.labels = labels
        self.slots = slots
        self.freeSlots = freeSlots
        self.isPaused = isPaused
        self.isPresent = isPresent
        self.isAsking = isAsking
    }
}

/// A job given to a worker.
package struct Assignment: Equatable, Sendable {
    package var job: JobID
    package var worker: String

    package init(job: JobID, worker: String) {
        self.job = job
        self.worker = worker
    }
}

/// What the dispatcher decided: who runs what, and why the rest waits.
package struct Dispatch: Equatable, Sendable {
    package var assignments: [Assignment]
    package var reasons: [JobID: WaitingReason]
}

/// Why a job that may start does not.
package enum WaitingReason: Equatable, Sendable {
    case noWorker
    case noWorkerWithLabels([String])
    case workersAway([String])
    case workersPaused([String])
    case workersBusy(slots: Int)

    /// The sentence people read.
    package var sentence: String {
        switch self {
        case .noWorker:
            "No worker has ever connected: start one with `slipway worker`."
        case .noWorkerWithLabels(let labels):
            "No worker has the label\(labels.count == 1 ? "" : "s") "
                + "\(labels.joined(separator: ", "))."
        case .workersAway(let names):
            "Every worker that could run it is away: \(names.joined(separator: ", "))."
        case .workersPaused(let names):
            "Every worker that could run it is paused: \(names.joined(separator: ", "))."
        case .workersBusy(let slots):
            slots == 1
                ? "The one slot that could run it is busy."
                : "All \(slots) slots that could run it are busy."
        }
    }
}

/// Decides which waiting jobs start now, and on which worker.
///
/// The oldest job goes first, ties by id, so that nothing waits behind its juniors. Among the
/// workers that could take it, the one with the most free slots does, ties by name.
package func assign(_ waiting: [WaitingJob], to workers: [WorkerSnapshot]) -> Dispatch {
    var free = workers.sorted { $0.name < $1.name }
    var dispatch = Dispatch(assignments: [], reasons: [:])
    for job in waiting.sorted(by: { ($0.since, $0.id) < ($1.since, $1.id) }) {
        var best: Int?
        for index in free.indices where free[index].canTake(job) {
            if let chosen = best, free[chosen].freeSlots >= free[index].freeSlots { continue }
            best = index
        }
        if let best {
            free[best].freeSlots -= 1
            dispatch.assignments.append(Assignment(job: job.id, worker: free[best].name))
        } else {
            dispatch.reasons[job.id] = reason(for: job, among: free)
        }
    }
    return dispatch
}

private func reason(for job: WaitingJob, among workers: [WorkerSnapshot]) -> WaitingReason {
    if workers.isEmpty { return .noWorker }
    let able = workers.filter { $0.labels.isSuperset(of: job.labels) }
    if able.isEmpty {
        let known = workers.reduce(into: Set<String>()) { $0.formUnion($1.labels) }
        let missing = job.labels.filter { !known.contains($0) }
        return .noWorkerWithLabels(missing.isEmpty ? job.labels : missing)
    }
    let present = able.filter(\.isPresent)
    if present.isEmpty { return .workersAway(able.map(\.name)) }
    let taking = present.filter { !$0.isPaused }
    if taking.isEmpty { return .workersPaused(present.map(\.name)) }
    return .workersBusy(slots: taking.reduce(0) { $0 + $1.slots })
}

extension WorkerSnapshot {
    fileprivate func canTake(_ job: WaitingJob) -> Bool {
        isAsking && !isPaused && freeSlots > 0 && labels.isSuperset(of: job.labels)
    }
}
