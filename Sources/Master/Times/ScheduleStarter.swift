import Core
import Foundation
import Logging
import PipelineFile
import Storage

/// Keeps the schedules of default branches, and starts their builds.
///
/// A crash at any place loses and doubles nothing: the schedule moves on with its build, in one
/// transaction, and a branch counts as read only with its schedules.
struct ScheduleStarter: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let actions: BuildActions
    let logger: Logger

    func start() async throws {
        try await takeOver()
        let due = try await database.read { tx in
            try tx.dueSchedules(limit: TimeKeeper.batchMax, at: Date())
        }
        for schedule in due {
            await bearing("Schedule not started", schedule.pipeline) { try await start(schedule) }
        }
    }

    /// Reads the schedules of branches that moved.
    private func takeOver() async throws {
        for (repository, sha) in try await database.read({ try $0.unscheduled() }) {
            await bearing("Schedules not read", repository.name) {
                let found = try await schedules(of: repository, at: sha)
                try await database.write { tx in
                    try tx.replaceSchedules(of: repository.id, with: found, readFrom: sha)
                }
            }
        }
    }

    private func schedules(of repository: Repository, at sha: String?) async throws -> [Schedule] {
        guard let sha else { return [] }
        let now = Date()
        return try await mirrors.pipelines(of: sha, in: repository).filter(\.startsBuilds)
            .flatMap { source -> [Schedule] in
                guard case .pipeline(let read) = source.reading else { return [] }
                return read.triggers.schedules.compactMap { trigger in
                    Schedule(trigger, of: read.name, in: repository.id, after: now)
                }
            }
    }

    private func start(_ schedule: Schedule) async throws {
        let found = try await database.read { tx -> (Repository, String?)? in
            guard
                let repository = try tx.repositories().first(where: {
                    $0.id == schedule.repository
                })
            else { return nil }
            let ref = Ref.branchPrefix + repository.defaultBranch
            return (repository, try tx.refs(of: repository.id)[ref])
        }
        // A branch that is gone takes its schedules with it at the next look.
        guard let (repository, tip) = found, let sha = tip else { return }
        let now = Date()
        let firing = schedule.fire(at: sha, now: now)
        let commit = try await mirrors.commit(sha, of: repository)
        let change = Change(
            repository: repository.id,
            event: .schedule,
            ref: Ref.branchPrefix + repository.defaultBranch,
            before: nil,
            commit: commit,
            actor: "the clock"
        )
        var drafts: [BuildDraft] = []
        if let reason = firing.reason {
            drafts = try await mirrors.drafts(
                for: change,
                in: repository,
                only: schedule.pipeline,
                reason: reason
            )
            if !drafts.isEmpty { try await mirrors.keep(sha, of: repository) }
        }
        let builds = try await database.write { [drafts] tx in
            try tx.fire(schedule, next: firing.nextAt, starting: drafts, for: change, at: now)
        }
        actions.announce(builds ?? [])
    }

    /// One bad repository never stops the others.
    private func bearing(
        _ message: String,
        _ subject: String,
        _ body: () async throws -> Void
    ) async {
        do {
            try await body()
        } catch {
            logger.error(
                "\(message); it is tried again",
                metadata: ["subject": "\(subject)", "error": "\(error)"]
            )
        }
    }
}
