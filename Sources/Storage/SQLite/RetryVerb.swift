import Core
import GRDB

import struct Foundation.Date

extension SQLiteTransaction {
    func retry(
        _ build: BuildID,
        failedOnly: Bool,
        by actor: String,
        at now: Date
    ) throws -> Build {
        guard let old = try self.build(build) else {
            throw StorageError(.notFound, "There is no build \(build).")
        }
        try refuse(retryOf: old, failedOnly: failedOnly)
        let what = failedOnly ? "failed jobs of build" : "build"
        let plan = PlannedBuild(
            pipeline: old.pipeline,
            event: old.event,
            ref: old.ref,
            sha: old.sha,
            versionTag: old.versionTag,
            message: old.message,
            author: old.author,
            reason: "\(actor) asked for \(what) #\(old.number) again",
            jobs: try plannedAgain(old, failedOnly: failedOnly),
            settings: old.settings,
            retryOf: old.id,
            // Nobody gets round an approval by asking again.
            holds: try holds(of: old.id),
            isAwaited: try isAwaited(old.id),
            starter: actor,
            authorEmail: try db.first(
                "SELECT authorEmail FROM build WHERE id = ?",
                [old.id.rawValue]
            ) { $0[0] as String? } ?? nil
        )
        return try atomically { try create(plan, in: old.repository, at: now) }
    }

    private func refuse(retryOf old: Build, failedOnly: Bool) throws {
        guard let result = old.result else {
            throw StorageError(
                .conflict,
                "Build #\(old.number) has not ended: cancel it, or wait until it has."
            )
        }
        if old.settings.hasConflict == true {
            throw StorageError(
                .conflict,
                "Build #\(old.number) cannot be merged: bring its branch up to date and push it."
            )
        }
        if !old.problems.isEmpty {
            throw StorageError(
                .conflict,
                "The pipeline file of build #\(old.number) is broken: push a mended one."
            )
        }
        if failedOnly && result.isGreen {
            throw StorageError(.conflict, "No job of build #\(old.number) failed.")
        }
    }

    private func plannedAgain(_ old: Build, failedOnly: Bool) throws -> [PlannedJob] {
        let stored = try db.all(
            """
            SELECT id, name, key, needs, optionalNeeds, condition, failFast, labels, allowFailure,
                stepCount, spec, result, sourceJob, outputs, locks, image,
                beginsAtGate
            FROM job WHERE build = ? ORDER BY id
            """,
            [old.id.rawValue],
            StoredJob.init
        )
        guard failedOnly else { return stored.filter { $0.asker == nil }.map(\.planned) }
        let kept = JobGraph(nodes: stored.map(\.node), isCancelled: false).keptByRetry()
        let names = Set(stored.filter { kept.contains($0.node.id) }.map(\.planned.name))
        // Who runs again asks again for the jobs it wants.
        return stored.filter { $0.asker.map(names.contains) ?? true }.map { job in
            guard kept.contains(job.node.id) else { return job.planned }
            var planned = job.planned
            planned.source = PlannedJob.Source(
                job: job.origin,
                result: job.result,
                reason: "taken over from build #\(old.number)",
                outputs: job.outputs
            )
            return planned
        }
    }
}

/// A job of the build that is tried again.
private struct StoredJob {
    var node: JobGraph.Node
    var planned: PlannedJob
    var result: BuildResult
    var outputs: String?
    /// The job that ran: this one, or the one it was taken over from.
    var origin: Int64
    /// The job that asked for it while the build ran.
    var asker: String?

    private struct Asking: Decodable { var origin: String? }

    init(_ row: Row) throws {
        result = try row.word(11)
        outputs = row[13]
        origin = row[12] ?? row[0]
        planned = PlannedJob(
            name: row[1],
            key: row[2],
            needs: try Text.list(in: row[3]),
            optionalNeeds: try Text.list(in: row[4]),
            condition: try row.word(5),
            failFast: row[6],
            labels: row[7],
            allowFailure: row[8],
            stepCount: row[9],
            spec: row[10],
            locks: row[14],
            image: row[15],
            beginsAtGate: row[16],
            source: nil
        )
        asker = try Text.value(Asking.self, in: planned.spec).origin
        node = JobGraph.Node(
            id: JobID(row[0]),
            name: planned.name,
            key: planned.key,
            needs: planned.needs,
            condition: planned.condition,
            state: .finished(result)
        )
    }
}
