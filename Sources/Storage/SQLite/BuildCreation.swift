import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    /// Writes a build as it stands at birth: what may start is ready, what never will has ended.
    func create(
        _ plan: PlannedBuild,
        in repository: RepositoryID,
        at now: Date
    ) throws -> Build {
        var build = try newBuild(plan, in: repository, at: now)
        var graph = JobGraph(
            nodes: plan.jobs.enumerated().map { index, job in
                JobGraph.Node(
                    id: JobID(Int64(index)),
                    name: job.name,
                    key: job.key,
                    needs: job.needs,
                    optionalNeeds: Set(job.optionalNeeds),
                    condition: job.condition,
                    failFast: job.failFast,
                    state: job.earlyResult.map { .finished($0) } ?? .blocked
                )
            },
            isCancelled: false
        )
        if graph.hasExpression { try tell(&graph, of: build) }
        var advance = graph.advanced()
        build.result = plan.problems.isEmpty ? advance.verdict : .failure
        build.state = build.result == nil ? .waiting : .finished
        build.finishedAt = build.result == nil ? nil : build.createdAt
        if build.result == nil { build.reason += try covered(by: plan, in: repository).phrase }
        build.id = try insert(build, plan)
        if build.result == nil {
            graph.holds = try makeWay(for: build, plan, at: now)
            if !graph.holds.isEmpty { advance = graph.advanced() }
        }
        var steps: [Int64: JobGraph.Step] = [:]
        for step in advance.steps { steps[step.job.rawValue] = step }
        // What was asked for later waits from then on.
        let since = plan.holds.first { $0.kind == .time }?.until.map { max($0, now) } ?? now
        for (index, job) in plan.jobs.enumerated() {
            try insert(job, into: build, as: steps[Int64(index)], since: since, at: now)
        }
        return build
    }

    /// Merges what is queued, and finds out what holds the build back.
    private func makeWay(
        for build: Build,
        _ plan: PlannedBuild,
        at now: Date
    ) throws -> [BuildHold] {
        try cover(for: build, plan, at: now)
        try insert(plan.holds, of: build.id)
        if plan.holds.isEmpty { try enterGroup(build, at: now) }
        if plan.holds.isEmpty, build.settings.concurrency == nil { return [] }
        return try holds(of: build.id)
    }

    /// With its number, but not in the table yet.
    private func newBuild(
        _ plan: PlannedBuild,
        in repository: RepositoryID,
        at now: Date
    ) throws -> Build {
        let (number, repositoryName) = try nextNumber(in: repository)
        return Build(
            id: BuildID(0),
            repository: repository,
            repositoryName: repositoryName,
            number: number,
            pipeline: plan.pipeline,
            event: plan.event,
            ref: plan.ref,
            sha: plan.sha,
            versionTag: plan.versionTag,
            message: plan.message,
            author: plan.author,
            reason: plan.reason,
            state: .waiting,
            createdAt: now.inMilliseconds,
            retryOf: plan.retryOf,
            problems: plan.problems,
            settings: plan.settings
        )
    }

    private func insert(_ build: Build, _ plan: PlannedBuild) throws -> BuildID {
        try db.run(
            """
            INSERT INTO build (repository, number, pipeline, event, ref, sha, message, author,
                reason, problems, state, result, createdAt, finishedAt, retryOf, versionTag,
                versionDistance, settings, isAwaited, upstream, starter, authorEmail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                build.repository.rawValue, build.number, build.pipeline, build.event.rawValue,
                build.ref, build.sha, build.message, build.author, build.reason,
                build.problems.isEmpty ? nil : try Text.of(build.problems), build.state.rawValue,
                build.result?.rawValue, build.createdAt.milliseconds,
                build.finishedAt?.milliseconds, build.retryOf?.rawValue, build.versionTag.tag,
                build.versionTag.distance,
                build.settings == BuildSettings() ? nil : try Text.of(build.settings),
                plan.isAwaited, plan.upstream?.rawValue,
                plan.starter, plan.authorEmail,
            ]
        )
        return BuildID(db.lastInsertedRowID)
    }

    private func nextNumber(in repository: RepositoryID) throws -> (Int, String) {
        // Not RETURNING, for which SQLite makes a table each time.
        try db.run(
            "UPDATE repository SET buildsMade = buildsMade + 1 WHERE id = ?",
            [repository.rawValue]
        )
        let numbered = try db.first(
            "SELECT buildsMade, name FROM repository WHERE id = ?",
            [repository.rawValue]
        ) { row in (row[0] as Int, row[1] as String) }
        guard let numbered else {
            throw StorageError(.notFound, "The repository of this build is gone.")
        }
        return numbered
    }

    func insert(
        _ job: PlannedJob,
        into build: Build,
        as step: JobGraph.Step?,
        since: Date,
        at now: Date
    ) throws {
        let standing = Standing(step, of: job)
        let hasEnded = standing.result != nil
        let priority = min(max(build.settings.priority ?? 0, -priorityMax), priorityMax)
        try db.run(
            """
            INSERT INTO job (build, name, key, needs, optionalNeeds, condition, failFast, labels,
                allowFailure, stepCount, spec, sourceJob, state, result, waitingReason, reason,
                outputs, since, finishedAt, repository, priority, rank, locks, image,
                beginsAtGate)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                build.id.rawValue, job.name, job.key, try Text.of(list: job.needs),
                try Text.of(list: job.optionalNeeds), job.condition.rawValue, job.failFast,
                job.labels, job.allowFailure, job.stepCount, job.spec, job.source?.job,
                standing.state, standing.result?.rawValue, standing.waitingReason,
                standing.reason, job.source?.outputs, since.milliseconds,
                hasEnded ? now.milliseconds : nil, build.repository.rawValue, priority,
                rank(since: since, priority: priority).milliseconds, job.locks, job.image,
                job.beginsAtGate,
            ]
        )
        if job.beginsAtGate, standing.state == JobState.ready {
            try reachGate(of: JobID(db.lastInsertedRowID), at: 1, now)
        }
    }
}

/// The columns that say how a new job stands.
private struct Standing {
    var state: String
    var result: BuildResult?
    var waitingReason: String?
    var reason: String?

    init(_ step: JobGraph.Step?, of job: PlannedJob) {
        switch step {
        case .ready:
            state = JobState.ready
            waitingReason = Waiting.queued
        case .finish(_, let result, let reason):
            state = JobState.finished
            self.result = result
            self.reason = reason
        case .wait(_, let needs):
            state = JobState.blocked
            waitingReason = Waiting.needs(needs)
        case .hold(_, let reason):
            state = JobState.blocked
            waitingReason = reason
        case .stop, nil:
            // Core says nothing about what has ended already.
            state = JobState.finished
            result = job.earlyResult
            reason = job.source?.reason ?? job.skipReason
        }
    }
}
