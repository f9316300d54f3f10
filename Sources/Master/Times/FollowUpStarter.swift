import Core
import Foundation
import Logging
import Storage

/// Starts the pipelines that wait for another pipeline's end on the same commit.
///
/// The row of the ended build goes in the transaction that starts them, so that each end is
/// followed once, whenever the process dies.
struct FollowUpStarter: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let actions: BuildActions
    let logger: Logger

    func start() async throws {
        var isMore = true
        while isMore {
            let ended = try await database.read { try $0.followUps(limit: TimeKeeper.batchMax) }
            var hasDone = false
            for build in ended {
                do {
                    try await follow(build)
                    hasDone = true
                } catch {
                    logger.error(
                        "Nothing follows build; it is tried again",
                        metadata: ["build": "\(build.id)", "error": "\(error)"]
                    )
                }
            }
            isMore = hasDone && ended.count == TimeKeeper.batchMax
        }
    }

    private func follow(_ build: Build) async throws {
        let found = try await database.read { tx in
            (
                try tx.repository(named: build.repositoryName),
                try tx.pipelines(leadingTo: build.id)
            )
        }
        guard let repository = found.0, let result = build.result else { return }
        let commit = try await mirrors.commit(build.sha, of: repository)
        let change = Change(
            repository: repository.id,
            event: .pipeline,
            ref: build.ref,
            before: nil,
            commit: commit,
            actor: commit.author,
            upstream: Upstream(pipeline: build.pipeline, result: result)
        )
        let drafts = try await mirrors.drafts(
            for: change,
            in: repository,
            reason: "Pipeline \(build.pipeline) ended with \(result.rawValue) in "
                + "build #\(build.number)"
        )
        // Pipelines that wait for each other would go on for ever.
        let wanted = drafts.filter { !found.1.contains($0.pipeline) && !$0.isPassed }
        let builds = try await database.write { tx in
            try tx.follow(build.id, with: wanted, for: change, at: Date())
        }
        actions.announce(builds ?? [])
    }
}
