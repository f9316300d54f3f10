import struct Foundation.Date

/// The workers of one round, by name, and which of them have which labels.
struct WorkerFloor {
    let workers: [WorkerSnapshot]
    /// By name of a label: who has it, in order.
    private let holders: [String: [Int]]

    init(_ workers: [WorkerSnapshot]) {
        self.workers = workers.sorted { $0.name < $1.name }
        var holders: [String: [Int]] = [:]
        for (index, worker) in self.workers.enumerated() {
            for label in worker.labels { holders[label, default: []].append(index) }
        }
        self.holders = holders
    }

    /// Those that have all the labels.
    func able(_ labels: [String]) -> [Int] {
        guard let first = labels.first else { return Array(workers.indices) }
        return (holders[first] ?? []).filter { workers[$0].labels.isSuperset(of: labels) }
    }

    /// Those of them that wait for work.
    func asking(_ labels: [String]) -> [Int] {
        able(labels).filter { workers[$0].isAsking && workers[$0].isFit }
    }

    /// Why no worker could take a job with these labels, slots aside.
    func obstacle(to labels: [String]) -> WaitingReason? {
        if workers.isEmpty { return .noWorker }
        let able = able(labels).map { workers[$0] }
        if able.isEmpty {
            let missing = labels.filter { holders[$0] == nil }
            return .noWorkerWithLabels(missing.isEmpty ? labels : missing)
        }
        let present = able.filter(\.isPresent)
        if present.isEmpty { return .workersAway(able.map(\.absence).sorted(by: wasSeenLater)) }
        let taking = present.filter { !$0.isPaused }
        if taking.isEmpty { return .workersPaused(present.map(\.name)) }
        let trusted = taking.filter { !$0.isQuarantined }
        if trusted.isEmpty { return .workersQuarantined(taking.map(\.name)) }
        if trusted.contains(where: { $0.trouble == nil }) { return nil }
        return .workersTroubled(
            trusted.reduce(into: [:]) { $0[$1.name] = $1.trouble }
        )
    }

    /// That only a slot is missing.
    func busy(for labels: [String]) -> WaitingReason {
        let fit = able(labels).map { workers[$0] }.filter { $0.isPresent && $0.isFit }
        return .workersBusy(slots: fit.reduce(0) { $0 + $1.slots })
    }
}

private func wasSeenLater(_ one: AbsentWorker, _ other: AbsentWorker) -> Bool {
    (one.lastSeenAt ?? .distantPast) > (other.lastSeenAt ?? .distantPast)
}

extension WorkerSnapshot {
    fileprivate var absence: AbsentWorker { AbsentWorker(name, lastSeenAt: lastSeenAt) }

    fileprivate var isFit: Bool { !isPaused && !isQuarantined && trouble == nil }
}
