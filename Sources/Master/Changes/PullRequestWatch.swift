import Core
import Foundation
import Logging
import Storage
import Synchronization

/// Finds pull requests that no delivery told of, by the refs that forges keep of them.
///
/// What was looked at is in the same rows as branches and tags, and what was acted on in those that
/// deliveries make too: whoever comes first, a commit is built once.
final class PullRequestWatch: Sendable {
    /// A commit that has been seen and not been settled.
    private struct Sighting {
        var sha: String
        var since: ContinuousClock.Instant
    }

    private let database: ControlDatabase
    private let intake: PullRequestIntake
    private let logger: Logger
    /// By repository and ref; only what moved and waits.
    private let sightings = Mutex<[RepositoryID: [String: Sighting]]>([:])

    /// Acted on in one look; the next one finds the rest.
    private static let newsAtOnce = 50
    /// Seconds for which one that cannot be had is tried again with each look.
    private static let patience = 600.0

    init(database: ControlDatabase, intake: PullRequestIntake, logger: Logger) {
        self.database = database
        self.intake = intake
        self.logger = logger
    }

    /// Acts on what has moved.
    ///
    /// - Parameters:
    ///   - heads: The refs as they are now.
    ///   - repository: Whose they are.
    /// - Throws: When the database cannot be read or written.
    func look(at heads: [String: String], of repository: Repository) async throws {
        guard repository.pollsPullRequests else { return }
        let (known, isTold) = try await database.read { tx in
            (
                try tx.refs(of: repository.id).filter { PullRequestRef($0.key) != nil },
                try tx.hook(ofRepository: repository.name) != nil
            )
        }
        let moves = RefMoves.between(known, and: heads)
        let waiting = note(moves, of: repository.id)
        for move in moves.prefix(Self.newsAtOnce) {
            let age = waiting[move.ref].map { (ContinuousClock.now - $0.since) / .seconds(1) } ?? 0
            let isSettled =
                try await settle(move, of: repository, isTold: isTold, seenFor: age)
                || age > Self.patience
            guard isSettled else { continue }
            try await database.write { tx in
                try tx.noteHead(move.ref, at: move.after, of: repository.id)
            }
        }
    }

    /// Since when each commit that waits has been seen.
    private func note(_ moves: [RefMoves.Move], of id: RepositoryID) -> [String: Sighting] {
        sightings.withLock { sightings in
            let before = sightings[id] ?? [:]
            let now = moves.compactMap { move -> (String, Sighting)? in
                guard let sha = move.after else { return nil }
                if let known = before[move.ref], known.sha == sha { return (move.ref, known) }
                return (move.ref, Sighting(sha: sha, since: .now))
            }
            sightings[id] = now.isEmpty ? nil : Dictionary(now) { $1 }
            return sightings[id] ?? [:]
        }
    }

    /// - Returns: Whether nothing more is to be done about it.
    private func settle(
        _ move: RefMoves.Move,
        of repository: Repository,
        isTold: Bool,
        seenFor seconds: Double
    ) async throws -> Bool {
        guard let ref = PullRequestRef(move.ref), let head = move.after else { return true }
        let acted = try await database.read { tx in
            try tx.pullRequest(ref.number, of: repository.id)
        }
        let decision = decide(
            onPolled: head,
            acted: acted.map { ($0.head, $0.target) },
            defaultBranch: repository.defaultBranch,
            isTold: isTold,
            seenFor: seconds
        )
        switch decision {
        case .waits: return false
        case .isKnown: return true
        case .isNews(let target):
            return await take(ref, at: head, into: target, of: repository)
        }
    }

    private func take(
        _ ref: PullRequestRef,
        at head: String,
        into target: String,
        of repository: Repository
    ) async -> Bool {
        do {
            let outcome = try await intake.take(
                PullRequestNews(polled: ref, at: head, into: target),
                from: ref.forge,
                of: repository
            )
            logger.info(
                "Pull request found by looking",
                metadata: [
                    "repository": "\(repository.name)", "number": "\(ref.number)",
                    "outcome": "\(outcome)",
                ]
            )
            return true
        } catch {
            // One that cannot be built stops no other.
            logger.warning(
                "Pull request not built",
                metadata: [
                    "repository": "\(repository.name)", "number": "\(ref.number)",
                    "error": "\(error)",
                ]
            )
            return false
        }
    }
}
