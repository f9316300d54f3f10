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
        let graph = JobGraph(
            nodes: plan.jobs.enumerated().map { index, job in
                JobGraph.Node(
                    id: JobID(Int64(index)),
                    name: job.name,
                    needs: job.needs,
                    condition: job.condition,
                    state: job.source.map { .finished($0.result) } ?? .blocked
                )
            },
            isCancelled: false
        )
        let advance = graph.advanced()
        let verdict = plan.problems.isEmpty ? advance.verdict : .failure
        let build = try insert(plan, in: repository, result: verdict, at: now)
        var steps: [Int64: JobGraph.Step] = [:]
        for step in advance.steps { steps[step.job.rawValue] = step }
        for (index, job) in plan.jobs.enumerated() {
            try insert(job, into: build.id, as: steps[Int64(index)], at: now)
        }
        return build
    }

    private func insert(
        _ plan: PlannedBuild,
        in repository: RepositoryID,
        result: BuildResult?,
        at now: Date
    ) throws -> Build {
        let (number, repositoryName) = try nextNumber(in: repository)
        var build = Build(
            id: BuildID(0),
            repository: repository,
            repositoryName: repositoryName,
            number: number,
            pipeline: plan.pipeline,
            event: plan.event,
            ref: plan.ref,
            sha: plan.sha,
            message: plan.message,
            author: plan.author,
            reason: plan.reason,
            state: result == nil ? .waiting : .finished,
            result: result,
            createdAt: now.inMilliseconds,
            finishedAt: result == nil ? nil : now.inMilliseconds,
            retryOf: plan.retryOf,
            problems: plan.problems
        )
        try db.run(
            """
            INSERT INTO build (repository, number, pipeline, event, ref, sha, message, author,
                reason, problems, state, result, createdAt, finishedAt, retryOf)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                repository.rawValue, number, plan.pipeline, plan.event.rawValue, plan.ref,
                plan.sha, plan.message, plan.author, plan.reason,
                plan.problems.isEmpty ? nil : try Text.of(plan.problems), build.state.rawValue,
                result?.rawValue, now.milliseconds, build.finishedAt?.milliseconds,
                plan.retryOf?.rawValue,
            ]
        )
        build.id = BuildID(db.lastInsertedRowID)
        return build
    }

    private func nextNumber(in repository: RepositoryID) throws -> (Int, String) {
        let numbered = try db.all(
            "UPDATE repository SET buildsMade = buildsMade + 1 WHERE id = ? "
                + "RETURNING buildsMade, name",
            [repository.rawValue]
        ) { row in (row[0] as Int, row[1] as String) }
        guard let first = numbered.first else {
            throw StorageError(.notFound, "The repository of this build is gone.")
        }
        return first
    }

    private func insert(
        _ job: PlannedJob,
        into build: BuildID,
        as step: JobGraph.Step?,
        at now: Date
    ) throws {
        let standing = Standing(step, source: job.source)
        let hasEnded = standing.result != nil
        try db.run(
            """
            INSERT INTO job (build, name, needs, condition, labels, allowFailure, stepCount,
                spec, sourceJob, state, result, waitingReason, reason, since, finishedAt)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                build.rawValue, job.name, try Text.of(list: job.needs), job.condition.rawValue,
                job.labels, job.allowFailure, job.stepCount, job.spec, job.source?.job,
                standing.state, standing.result?.rawValue, standing.waitingReason,
                standing.reason, now.milliseconds, hasEnded ? now.milliseconds : nil,
            ]
        )
    }
}

/// The columns that say how a new job stands.
private struct Standing {
    var state: String
    var result: BuildResult?
    var waitingReason: String?
    var reason: String?

    init(_ step: JobGraph.Step?, source: PlannedJob.Source?) {
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
        case nil:
            // Core says nothing about what has ended already.
            state = JobState.finished
            result = source?.result
            reason = source?.reason
        }
    }
}
