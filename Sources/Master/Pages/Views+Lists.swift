import CodeStore
import Core
import Foundation
import Site
import Storage

extension Views {
    func home() async throws -> HomePage {
        let workers = try await database.read { try $0.workers() }
        let (ways, running, queue) = try await database.read { tx in
            (
                try tx.repositories().map { try way(of: $0, tx) },
                try self.running(tx),
                try tx.queue(limit: 1_000)
            )
        }
        var repositories = ways
        for index in repositories.indices {
            repositories[index].way = try await way(ofUnit: repositories[index].name)
        }
        let waiting = queue.filter { !$0.isBlocked }
        return HomePage(
            repositories: repositories,
            running: Array(running.prefix(10)),
            runningCount: running.count,
            waiting: waiting.prefix(10).map {
                queued($0, isUnserved: isUnserved($0.labels, by: workers))
            },
            waitingCount: waiting.count,
            promotions: try await store.promotions(LogQuery(limit: 8)).map(PromotionLine.init),
            unserved: unserved(waiting, workers),
            workers: workers.filter { registry.standing(of: $0.name).isPresent }.map {
                WorkerGlance(name: $0.name, labels: $0.labels, slots: $0.slots)
            },
            address: address
        )
    }

    private func way(of repository: Repository, _ tx: any ControlTransaction) throws
        -> RepositoryWay
    {
        let branch = BuildFilter(
            repository: repository.name,
            ref: Ref.branchPrefix + repository.defaultBranch
        )
        let recent = try tx.builds(branch, limit: 24, before: nil)
        return RepositoryWay(
            name: repository.name,
            defaultBranch: repository.defaultBranch,
            fetchError: repository.fetchError,
            newest: try recent.first.map { try glance($0, tx) },
            recent: recent.reversed().map(BuildBar.init)
        )
    }

    private func unserved(
        _ waiting: [QueueEntry],
        _ workers: [WorkerRow]
    ) -> [UnservedQueue] {
        let groups = Dictionary(grouping: waiting) { $0.labels.sorted() }
        return groups.filter { isUnserved($0.key, by: workers) }.map { labels, entries in
            let last = lastServer(of: labels, among: workers)
            return UnservedQueue(
                labels: labels,
                jobs: entries.count,
                oldestSince: entries.map(\.since).min() ?? Date(),
                lastWorker: last?.name,
                lastSeenAt: last?.lastSeenAt
            )
        }
        .sorted { $0.oldestSince < $1.oldestSince }
    }

    func lastServer(
        of labels: [String],
        among workers: [WorkerRow]
    ) -> WorkerRow? {
        workers.filter { Set($0.labels).isSuperset(of: labels) }
            .max { $0.lastSeenAt < $1.lastSeenAt }
    }

    func workers() async throws -> WorkersPage {
        let (workers, running, queue) = try await database.read { tx in
            (try tx.workers(), try self.running(tx), try tx.queue(limit: 1_000))
        }
        let waiting = queue.filter { !$0.isBlocked }
        let rows = workers.map { worker in
            WorkerLine(
                name: worker.name,
                labels: worker.labels,
                slots: worker.slots,
                presence: presence(of: worker),
                seenAt: worker.lastSeenAt,
                version: worker.version,
                jobs: running.filter { $0.worker == worker.name },
                waitingForIt: waiting.count { entry in
                    let able = workers.filter { Set($0.labels).isSuperset(of: entry.labels) }
                    return able.map(\.name) == [worker.name]
                },
                quarantinedUntil: worker.health.isQuarantined(at: Date())
                    ? worker.health.quarantinedUntil : nil,
                failure: worker.health.reason,
                trouble: registry.trouble(of: worker.name)
            )
        }
        return WorkersPage(workers: rows, waitingCount: waiting.count, address: address)
    }

    private func presence(of worker: WorkerRow) -> WorkerLine.Presence {
        let standing = registry.standing(of: worker.name)
        if !standing.isPresent { return .away }
        switch worker.mode {
        case .taking: return standing.isDraining ? .draining : .ready
        case .paused: return .paused
        case .draining: return .draining
        }
    }
}

extension BuildBar {
    init(_ build: Build) {
        let end = build.finishedAt ?? Date()
        self.init(
            standing: Standing(build.state, build.result),
            seconds: max(0, end.timeIntervalSince(build.startedAt ?? build.createdAt))
        )
    }
}

extension PromotionLine {
    init(_ promotion: Promotion) {
        let kind: Kind =
            switch promotion.kind {
            case .promote: .promoted
            case .rollback: .rolledBack
            case .hold: .held
            case .unhold: .holdLifted
            case .freeze: .frozen
            case .thaw: .thawed
            }
        self.init(
            revision: Int(promotion.rev),
            at: promotion.at,
            kind: kind,
            unit: promotion.unit,
            channel: promotion.channel,
            from: promotion.from?.version,
            to: promotion.to?.version,
            who: promotion.actor.name,
            why: promotion.reason,
            hash: promotion.hash.hex
        )
    }
}
