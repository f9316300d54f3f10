import Core
import Foundation
import Site
import Storage

extension Views {
    /// Rows of each list beside the queues themselves.
    private static let linesMax = 50

    func queue() async throws -> QueuePage {
        let facts = try await database.read { tx in
            let entries = try tx.queue(limit: 1_000)
            let wishes = entries.filter { !$0.isBlocked }.flatMap { entry in
                entry.locks.map { demand in
                    LockWish(job: entry.job, repository: entry.repositoryID, lock: demand.lock)
                }
            }
            return QueueFacts(
                entries: entries,
                workers: try tx.workers(),
                running: try tx.liveAttempts().count,
                pauses: try tx.pausedQueues(),
                held: try tx.heldBuilds(limit: Self.linesMax + 1),
                gates: try gates(tx),
                locks: try locks(try tx.lockBook().uses(wishes: wishes), entries, tx)
            )
        }
        return page(facts)
    }

    private func page(_ facts: QueueFacts) -> QueuePage {
        let gated = Set(facts.gates.map(\.gate.job))
        let held = Set(facts.held.map(\.build.id))
        return QueuePage(
            queues: sections(facts.entries.filter { !$0.isBlocked }, facts.workers),
            blockedCount: facts.entries.count { entry in
                entry.isBlocked && !held.contains(entry.build) && !gated.contains(entry.job)
            },
            runningCount: facts.running,
            pauses: facts.pauses.map { paused in
                QueuePauseLine(
                    labels: paused.labels,
                    by: paused.pause.by,
                    reason: paused.pause.reason,
                    at: paused.pausedAt
                )
            },
            held: facts.held.prefix(Self.linesMax).map(HeldLine.init),
            hasMoreHeld: facts.held.count > Self.linesMax,
            gates: facts.gates,
            locks: facts.locks
        )
    }

    private func sections(_ waiting: [QueueEntry], _ workers: [WorkerRow]) -> [QueueSection] {
        let groups = Dictionary(grouping: waiting) { $0.labels.sorted() }
        let sections = groups.map { labels, entries in
            let serving = workers.filter { worker in
                registry.standing(of: worker.name).isPresent
                    && Set(worker.labels).isSuperset(of: labels)
            }
            let last = serving.isEmpty ? lastServer(of: labels, among: workers) : nil
            return QueueSection(
                labels: labels,
                workers: serving.count,
                slots: serving.reduce(0) { $0 + $1.slots },
                slotsBusy: serving.reduce(0) { $0 + leases.jobs(of: $1.name).count },
                lastWorker: last?.name,
                lastSeenAt: last?.lastSeenAt,
                jobs: entries.map { queued($0, isUnserved: serving.isEmpty) }
            )
        }
        return sections.sorted { left, right in
            (left.workers == 0 ? 0 : 1, left.labels.joined())
                < (right.workers == 0 ? 0 : 1, right.labels.joined())
        }
    }

    private func gates(_ tx: any ControlTransaction) throws -> [GateLine] {
        try tx.waitingGates(limit: Self.linesMax).compactMap { gate in
            try tx.build(gate.build).map { GateLine(gate, of: BuildLink($0)) }
        }
    }

    private func locks(
        _ uses: [LockUse],
        _ entries: [QueueEntry],
        _ tx: any ControlTransaction
    ) throws -> [LockLine] {
        let repositories = Dictionary(
            uniqueKeysWithValues: try tx.repositories().map { ($0.id, $0.name) }
        )
        let waiting = Dictionary(uniqueKeysWithValues: entries.map { ($0.job, JobLink($0)) })
        return try uses.prefix(Self.linesMax).map { use in
            LockLine(
                name: use.lock.name,
                place: place(of: use, repositories),
                capacity: use.capacity,
                taken: use.taken,
                holders: try use.holdings.prefix(Self.linesMax).compactMap { holding in
                    try link(to: holding.holder.job, tx)
                },
                waiting: use.waiting.compactMap { waiting[$0] }
            )
        }
    }

    private func place(of use: LockUse, _ repositories: [RepositoryID: String]) -> String {
        switch use.lock.scope {
        case .master: ""
        case .worker: use.worker.map { "of worker \($0)" } ?? "of each worker"
        case .repository:
            use.repository.flatMap { repositories[$0] }.map { "channel of \($0)" } ?? "channel"
        }
    }

    private func link(to id: JobID, _ tx: any ControlTransaction) throws -> JobLink? {
        guard let job = try tx.job(id), let build = try tx.build(job.build) else { return nil }
        return JobLink(id: id, name: job.spec.name, build: BuildLink(build))
    }
}

extension JobLink {
    init(_ entry: QueueEntry) {
        self.init(
            id: entry.job,
            name: entry.name,
            build: BuildLink(id: entry.build, repository: entry.repository, number: entry.number)
        )
    }
}

extension HeldLine {
    fileprivate init(_ held: HeldBuild) {
        self.init(
            build: BuildLink(held.build),
            pipeline: held.build.pipeline,
            ref: held.build.ref,
            author: held.build.author,
            reason: held.holds.sentence,
            // It goes on when the last of them is gone; one without an end has no date.
            until: held.holds.contains { $0.until == nil }
                ? nil : held.holds.compactMap(\.until).max(),
            since: held.build.createdAt,
            canBeginEarly: held.holds.canBeginEarly
        )
    }
}

/// What the page of the queue is read from.
private struct QueueFacts: Sendable {
    var entries: [QueueEntry]
    var workers: [WorkerRow]
    var running: Int
    var pauses: [PausedQueue]
    var held: [HeldBuild]
    var gates: [GateLine]
    var locks: [LockLine]
}
