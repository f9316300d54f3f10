import Core
import Foundation
import Logging
import Storage

/// Acts on stored deliveries of a repository that has just been fetched.
///
/// A delivery is settled only when what it told has happened, so that one that a crash
/// interrupted is acted on again: every act finds out by itself that it was done before.
struct DeliveryDesk: Sendable {
    let database: ControlDatabase
    let actions: BuildActions
    let pullRequests: PullRequestIntake
    let logger: Logger

    private static let newsAtOnce = 200
    /// Seconds for which a pull request that cannot be had is tried again with each look.
    private static let patience: TimeInterval = 600

    /// The moves whose authors pushed them with the option that starts no builds.
    func skippedMoves(of repository: Repository) async throws -> Set<SkippedMove> {
        let news = try await database.read { tx in
            try tx.waitingNews(of: repository.id, limit: Self.newsAtOnce)
        }
        return Set(news.flatMap { $0.news.skipped ?? [] })
    }

    /// Settles what came in up to `last`, which the fetch was begun after.
    func settle(through last: Int64, of repository: Repository) async throws {
        while true {
            let waiting = try await database.read { tx in
                try tx.waitingNews(of: repository.id, limit: Self.newsAtOnce)
            }
            let due = waiting.filter { $0.id <= last }
            var isBlocked = false
            for delivery in due {
                guard let outcome = try await act(on: delivery, of: repository) else {
                    isBlocked = true
                    continue
                }
                try await database.write { try $0.settle(delivery: delivery.id, outcome: outcome) }
            }
            if due.count < Self.newsAtOnce || isBlocked { break }
        }
        try await database.write { tx in
            try tx.settleHints(of: repository.id, through: last, outcome: "fetched")
        }
    }

    /// - Returns: What came of it; nil: it failed, and may not the next time.
    private func act(on delivery: Delivery, of repository: Repository) async throws -> String? {
        if let skipped = delivery.news.skipped { return try await skip(skipped, of: repository) }
        guard let news = delivery.news.pullRequest else { return "fetched" }
        do {
            return try await pullRequests.take(news, from: delivery.forge, of: repository)
        } catch let error as CancellationError {
            throw error
        } catch {
            // One that cannot be built stops no other.
            logger.warning(
                "Pull request not built",
                metadata: ["delivery": "\(delivery.id)", "error": "\(error)"]
            )
            let age = Date().timeIntervalSince(delivery.receivedAt)
            return age < Self.patience ? nil : "not built: \(error)"
        }
    }

    /// The fetch started nothing for these moves, unless it came before the delivery did.
    private func skip(_ moves: [SkippedMove], of repository: Repository) async throws -> String {
        var late = 0
        for move in moves {
            let filter = BuildFilter(repository: repository.name, ref: move.ref)
            let builds = try await database.read { try $0.builds(filter, limit: 20, before: nil) }
            let started = builds.filter { build in
                build.sha == move.sha && build.state != .finished
                    && (build.event == .push || build.event == .tag)
            }
            for build in started {
                try await actions.cancel(build.id, by: "the push option \(skipPushOption)")
            }
            late += started.count
        }
        if late == 0 { return "fetched; \(skipPushOption) starts no builds" }
        let builds = late == 1 ? "1 build" : "\(late) builds"
        return "fetched; cancelled \(builds), as \(skipPushOption) asks"
    }
}
