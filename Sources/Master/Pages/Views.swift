import CodeStore
import Core
import Foundation
import Site
import Storage

/// Reads what pages show.
///
/// What a page says about it is the page's business.
struct Views: Sendable {
    let database: ControlDatabase
    let store: CodeStoreDatabase
    let registry: WorkerRegistry
    let leases: LeaseTable
    let logs: LogReader
    let mirrors: Mirrors
    /// Of this server.
    let address: String

    /// The way of a repository's newest release through the channels of its unit.
    func way(ofUnit unit: String) async throws -> Way? {
        guard let channels = try? await store.channels(of: unit) else { return nil }
        let nodes = try await store.nodes(of: unit)
        let newest = try await store.releases(of: unit, limit: 1).first
        return Way(
            unit: unit,
            release: newest.map { ReleaseGlance(version: $0.version, publishedAt: $0.createdAt) },
            channels: channels.map { channel in
                let following = nodes.filter { $0.report.channel == channel.name }
                return ChannelGlance(
                    name: channel.name,
                    version: channel.release?.version,
                    nodes: following.count,
                    nodesRunning: following.count {
                        $0.activeVersion != nil && $0.activeVersion == channel.release?.version
                    },
                    isHeld: channel.hold != nil
                )
            }
        )
    }

    /// The way of what a build published; nil when it published nothing.
    func way(of build: BuildID) async throws -> Way? {
        guard let release = try await store.releases(of: build).last else { return nil }
        var way = try await way(ofUnit: release.unit)
        way?.release = ReleaseGlance(version: release.version, publishedAt: release.createdAt)
        return way
    }

    /// Jobs that run now, with how far they are.
    func running(_ tx: any ControlTransaction) throws -> [RunningJob] {
        try tx.liveAttempts().prefix(200).compactMap { live in
            guard let job = try tx.job(live.attempt.job) else { return nil }
            return RunningJob(
                id: job.id,
                name: job.spec.name,
                build: BuildLink(live.build),
                worker: live.attempt.worker,
                startedAt: job.startedAt ?? live.build.createdAt,
                step: job.steps.first { $0.state == .running }?.name,
                stepsFinished: job.steps.count { $0.state == .finished },
                steps: job.steps.count
            )
        }
    }

    /// Labels that no present worker has all of.
    func isUnserved(_ labels: [String], by workers: [WorkerRow]) -> Bool {
        !workers.contains { worker in
            registry.standing(of: worker.name).isPresent
                && Set(worker.labels).isSuperset(of: labels)
        }
    }

    func queued(_ entry: QueueEntry, isUnserved: Bool) -> QueuedJob {
        QueuedJob(
            id: entry.job,
            name: entry.name,
            build: BuildLink(id: entry.build, repository: entry.repository, number: entry.number),
            ref: entry.ref,
            author: entry.author,
            reason: entry.reason,
            since: entry.since,
            isUnserved: isUnserved,
            priority: entry.priority
        )
    }

    func glance(_ build: Build, _ tx: any ControlTransaction) throws -> BuildGlance {
        let jobs = try tx.jobs(of: build.id)
        return BuildGlance(
            link: BuildLink(build),
            pipeline: build.pipeline,
            standing: Standing(build.state, build.result),
            ref: build.ref,
            sha: build.sha,
            message: build.message,
            author: build.author,
            createdAt: build.createdAt,
            startedAt: build.startedAt,
            finishedAt: build.finishedAt,
            jobsFinished: jobs.count { $0.state == .finished },
            jobs: jobs.count,
            note: note(build, jobs)
        )
    }

    /// What a reader of a list wants to know of a build that is not simply green.
    private func note(_ build: Build, _ jobs: [Job]) -> String? {
        if let problem = build.problems.first { return problem.description }
        if let red = jobs.first(where: { $0.result.map { !$0.isGreen } ?? false }) {
            let step = red.steps.first { $0.result.map { !$0.isGreen } ?? false }
            return step.map { "\(red.spec.name): \($0.name)" } ?? red.reason ?? red.spec.name
        }
        return jobs.first { $0.state == .waiting }?.waitingReason
    }
}

extension BuildLink {
    init(_ build: Build) {
        self.init(id: build.id, repository: build.repositoryName, number: build.number)
    }
}
