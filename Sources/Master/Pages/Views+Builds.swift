import CodeStore
import Core
import Foundation
import Site
import Storage

extension Views {
    func repository(named name: String, ref: String?, cursor: String?) async throws
        -> RepositoryPage
    {
        let limit = 25
        let before = cursor.flatMap { Int64($0) }.map { BuildID($0) }
        let page = try await database.read { tx -> RepositoryPage? in
            guard let repository = try tx.repository(named: name) else { return nil }
            let found = try tx.builds(
                BuildFilter(repository: name, ref: ref),
                limit: limit + 1,
                before: before
            )
            let shown = found.prefix(limit)
            let branches = try branches(of: repository, tx)
            var page = RepositoryPage(
                name: name,
                url: repository.shownURL,
                defaultBranch: repository.defaultBranch,
                pollInterval: repository.pollInterval,
                pollsPullRequests: repository.pollsPullRequests,
                fetchedAt: repository.fetchedAt,
                fetchError: repository.fetchError,
                builds: try shown.map { try glance($0, tx) },
                ref: ref,
                isFirstPage: before == nil,
                nextCursor: found.count > limit ? shown.last.map { String($0.id.rawValue) } : nil,
                branches: Array(branches.prefix(20)),
                branchesOmitted: max(0, branches.count - 20),
                schedules: try tx.schedules(of: repository.id).prefix(20).map(ScheduleLine.init)
            )
            page.deliveries = try tx.deliveries(of: repository.id, limit: 5).map { told in
                DeliveryRow(
                    forge: told.forge.title,
                    summary: told.news.summary,
                    outcome: told.outcome,
                    receivedAt: told.receivedAt
                )
            }
            return page
        }
        guard var page else { throw RequestProblem.notFound("repository \(name)") }
        page.manualForms = try await manualForms(of: name)
        page.unit = try await store.units().first { $0.name == name }?.name
        return page
    }

    private func branches(
        of repository: Repository,
        _ tx: any ControlTransaction
    ) throws -> [BranchRow] {
        let refs = try tx.refs(of: repository.id)
        let rows = try refs.compactMap { ref, sha -> BranchRow? in
            guard let branch = Ref.branch(ref) else { return nil }
            let filter = BuildFilter(repository: repository.name, ref: ref)
            let newest = try tx.builds(filter, limit: 1, before: nil).first
            return BranchRow(
                name: branch,
                sha: sha,
                newest: try newest.map { try glance($0, tx) }
            )
        }
        return rows.sorted { left, right in
            if left.name == repository.defaultBranch { return right.name != left.name }
            if right.name == repository.defaultBranch { return false }
            let times = (
                left.newest?.createdAt ?? .distantPast, right.newest?.createdAt ?? .distantPast
            )
            return times.0 == times.1 ? left.name < right.name : times.0 > times.1
        }
    }

    func build(_ id: BuildID) async throws -> BuildPage {
        let found = try await database.read {
            tx -> BuildFacts? in
            guard let build = try tx.build(id) else { return nil }
            return BuildFacts(
                build: build,
                jobs: try tx.jobs(of: id),
                artifacts: try tx.artifacts(of: id),
                original: try build.retryOf.flatMap { try tx.build($0) },
                workers: try tx.workers(),
                summaries: try tx.summaries(of: id),
                holds: build.state == .waiting ? try tx.holds(of: id) : [],
                covers: try tx.covers(of: id),
                coverer: try tx.coverer(of: id).flatMap { try tx.build($0) },
                gates: try tx.gates(of: id)
            )
        }
        guard let found else {
            throw RequestProblem.notFound("build \(id)")
        }
        let (build, jobs) = (found.build, found.jobs)
        return BuildPage(
            link: BuildLink(build),
            pipeline: build.pipeline,
            event: build.event,
            ref: build.ref,
            sha: build.sha,
            message: build.message,
            author: build.author,
            reason: build.reason,
            standing: Standing(build.state, build.result),
            createdAt: build.createdAt,
            startedAt: build.startedAt,
            finishedAt: build.finishedAt,
            cancelledBy: build.cancelledBy,
            retryOf: found.original.map { BuildLink($0) },
            jobs: try await jobs.asyncMap { try await self.job($0, of: build, found.workers) },
            problems: build.problems,
            firstError: try await firstError(in: jobs),
            way: try await way(of: id),
            artifacts: found.artifacts.map { artifact in
                ArtifactRow(
                    id: artifact.id,
                    name: artifact.name,
                    job: artifact.jobName,
                    files: artifact.files,
                    bytes: artifact.bytes,
                    digest: artifact.digest
                )
            },
            summaries: found.summaries.map { JobSummary(job: $0.0, text: $0.1) },
            inputs: build.settings.inputs ?? [:],
            priority: build.settings.priority ?? 0,
            idleKeys: build.settings.idleKeys + jobs.idleKeys,
            isHeldForApproval: found.holds.contains { $0.kind == .approval },
            canBeginEarly: found.holds.canBeginEarly,
            hasConflict: build.settings.hasConflict ?? false,
            covers: found.covers,
            coveredBy: found.coverer.map { BuildLink($0) },
            gates: found.gates
        )
    }

    func job(_ job: Job, of build: Build, _ workers: [WorkerRow]) async throws -> BuildJob {
        let isWaiting = job.state == .waiting
        let live = try await logs.withLiveLengths([job])
        return BuildJob(
            id: job.id,
            name: job.spec.name,
            needs: job.spec.needs,
            standing: Standing(job.state, job.result),
            waitingReason: job.waitingReason,
            isUnserved: isWaiting && isUnserved(job.spec.labels, by: workers),
            waitingSince: isWaiting ? build.createdAt : nil,
            reason: job.reason,
            worker: job.worker,
            attempt: job.attempt,
            startedAt: job.startedAt,
            finishedAt: job.finishedAt,
            steps: live.flatMap(\.steps).map { BuildStep($0) }
        )
    }

    /// The first red step of the first red job, with the end of its log.
    private func firstError(in jobs: [Job]) async throws -> FirstError? {
        for job in jobs {
            guard
                let step = job.steps.first(where: { step in
                    step.result == .failure || step.result == .exception
                })
            else { continue }
            let place = try await logs.place(job: job.id, step: step.index)
            let window = try window(of: place, lastLines: 12)
            return FirstError(
                job: job.id,
                jobName: job.spec.name,
                step: BuildStep(step),
                excerpt: window.slice,
                lines: window.lines
            )
        }
        return nil
    }
}

extension BuildStep {
    init(_ step: Step) {
        self.init(
            index: step.index,
            name: step.name,
            standing: Standing(step.state, step.result),
            exitCode: step.exitCode,
            reason: step.reason,
            startedAt: step.startedAt,
            finishedAt: step.finishedAt,
            logLength: step.logLength,
            logGap: step.logGap
        )
    }
}

extension Sequence {
    /// `map` for closures that wait, one element after the other.
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result]
    {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}

/// What the page of a build is read from.
private struct BuildFacts: Sendable {
    var build: Build
    var jobs: [Job]
    var artifacts: [Artifact]
    var original: Build?
    var workers: [WorkerRow]
    /// By job, in the order of the jobs.
    var summaries: [(String, String)]
    /// While it waits.
    var holds: [BuildHold]
    var covers: [CoveredCommit]
    var coverer: Build?
    var gates: [Gate]
}
