package import struct Foundation.Date

/// A worker that does not dial in.
package struct AbsentWorker: Equatable, Sendable {
    package var name: String
    /// To the minute; nil: nobody knows.
    package var lastSeenAt: Date?

    package init(_ name: String, lastSeenAt: Date? = nil) {
        self.name = name
        self.lastSeenAt = lastSeenAt
    }

    /// As sentences name it.
    fileprivate var words: String {
        lastSeenAt.map { "\(name) (last seen \(CivilMoment($0)) UTC)" } ?? name
    }
}

/// Why a job that may start does not.
package enum WaitingReason: Equatable, Sendable {
    case noWorker
    case noWorkerWithLabels([String])
    case workersAway([AbsentWorker])
    case workersPaused([String])
    case workersQuarantined([String])
    /// By name, with what each says of itself.
    case workersTroubled([String: String])
    case workersBusy(slots: Int)
    case queuePaused(QueuePause)
    /// Somebody holds it.
    case locked(LockName, by: [JobTitle])
    /// Another job, that has waited longer for it, comes first.
    case behind(JobTitle, lock: LockName)
    /// More is wanted than there is.
    case lockTooSmall(LockName, wanted: Int, capacity: Int)

    /// The sentence people read.
    package var sentence: String {
        switch self {
        case .noWorker:
            "No worker has ever connected: start one with `slipway worker`."
        case .noWorkerWithLabels(let labels):
            "No worker has the label\(labels.count == 1 ? "" : "s") \(listed(labels))."
        case .workersAway(let workers):
            "Every worker that could run it is away: \(listed(workers.map(\.words)))."
        case .workersPaused(let names):
            "Every worker that could run it is paused: \(listed(names))."
        case .workersQuarantined(let names):
            "Every worker that could run it is in quarantine after failures of its own: "
                + "\(listed(names)). `slipway worker resume` lifts it."
        case .workersTroubled(let troubles):
            "Every worker that could run it is in trouble: "
                + listed(troubles.keys.sorted().map { "\($0) (\(troubles[$0] ?? ""))" }) + "."
        case .workersBusy(let slots):
            slots == 1
                ? "The one slot that could run it is busy."
                : "All \(slots) slots that could run it are busy."
        case .queuePaused(let pause):
            "This queue was paused by \(pause.by)\(pause.reason.map { ": \($0)" } ?? ".")"
        case .locked(let lock, let holders):
            "It waits for the \(lock.title), which \(listed(holders.map(\.description))) "
                + "\(holders.count == 1 ? "holds" : "hold")."
        case .behind(let job, let lock):
            "It waits for the \(lock.title), for which \(job) is before it in line."
        case .lockTooSmall(let lock, let wanted, let capacity):
            "It wants \(wanted) of the \(lock.title), of which there "
                + "\(capacity == 1 ? "is 1" : "are \(capacity)"): "
                + "`slipway lock set \(lock.name) \(wanted)"
                + "\(lock.scope == .worker ? " --scope worker" : "")` makes it possible."
        }
    }

    private func listed(_ names: [String]) -> String {
        let shown = names.prefix(Self.namesMax).joined(separator: ", ")
        return names.count > Self.namesMax
            ? "\(shown) and \(names.count - Self.namesMax) more" : shown
    }

    private static let namesMax = 8
}
