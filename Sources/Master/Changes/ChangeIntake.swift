import Core
import Foundation
import Git
import Logging
import Storage

/// Takes in what moved in a repository: fetch, compare, and start the builds of each move.
///
/// A crash at any place loses nothing: a ref counts as acted on only with its builds, in one
/// transaction, and the next fetch finds the rest again.
struct ChangeIntake: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let actions: BuildActions
    let deliveries: DeliveryDesk
    let pullRequests: PullRequestWatch
    let logger: Logger

    /// Fetches and acts; an error is noted with the repository and never stops others.
    func takeIn(_ id: RepositoryID) async {
        do {
            let found = try await database.read { tx in
                try tx.repositories().first { $0.id == id }
                    .map { ($0, try tx.newestWaitingDelivery(of: id)) }
            }
            guard let (repository, lastDelivery) = found else { return }
            let (heads, problem) = await act(on: repository)
            actions.nudge.set()
            if heads != nil, let lastDelivery {
                await settle(through: lastDelivery, of: repository)
            }
            // Deliveries first: they know more of the same pull requests.
            if let heads, repository.isBaselined { await look(at: heads, of: repository) }
            if problem == nil, repository.fetchError == nil, repository.isBaselined,
                let last = repository.fetchedAt, Date().timeIntervalSince(last) < 5
            {
                return
            }
            try await database.write { try $0.recordFetch(of: id, error: problem, at: Date()) }
            if problem != repository.fetchError || repository.fetchedAt == nil {
                actions.events.publish("repository", [("repository", .text(repository.name))])
            }
        } catch {
            logger.error("Fetch not noted", metadata: ["repository": "\(id)", "error": "\(error)"])
        }
    }

    /// What cannot be settled waits for the next look.
    private func settle(through last: Int64, of repository: Repository) async {
        do {
            try await deliveries.settle(through: last, of: repository)
        } catch {
            logger.error(
                "Deliveries not settled",
                metadata: ["repository": "\(repository.name)", "error": "\(error)"]
            )
        }
    }

    /// The same for pull requests that were found by looking.
    private func look(at heads: [String: String], of repository: Repository) async {
        do {
            try await pullRequests.look(at: heads, of: repository)
        } catch {
            logger.error(
                "Pull requests not looked at",
                metadata: ["repository": "\(repository.name)", "error": "\(error)"]
            )
        }
    }

    /// - Returns: Where pull requests stand, nil where nothing could be fetched; and what went
    ///   wrong, in words.
    private func act(
        on repository: Repository
    ) async -> (heads: [String: String]?, problem: String?) {
        do {
            let fetched = try await mirrors.fetch(repository)
            let (refs, heads) = (fetched.commits, fetched.pullRequestHeads)
            if !repository.isBaselined {
                let all = refs.merging(heads) { $1 }
                try await database.write { try $0.baseline(repository.id, refs: all) }
                return (heads, nil)
            }
            let known = try await database.read { try $0.refs(of: repository.id) }
                .filter { PullRequestRef($0.key) == nil }
            let moves = RefMoves.between(known, and: refs)
            if moves.isEmpty { return (heads, nil) }
            let skipped = try await deliveries.skippedMoves(of: repository)
            return (heads, await act(on: moves, except: skipped, in: repository))
        } catch {
            return (nil, "\(error)")
        }
    }

    /// Acts on each move by itself, so that one bad commit does not hide the others.
    private func act(
        on moves: [RefMoves.Move],
        except skipped: Set<SkippedMove>,
        in repository: Repository
    ) async -> String? {
        var problem: String?
        for move in moves {
            do {
                if let after = move.after {
                    let isSkipped = skipped.contains(SkippedMove(ref: move.ref, sha: after))
                    try await start(move, at: after, isSkipped: isSkipped, in: repository)
                } else if let before = move.before {
                    try await database.write {
                        try $0.forgetRef(move.ref, of: repository.id, at: before)
                    }
                }
            } catch {
                problem = "\(Ref.short(move.ref)): \(error)"
            }
        }
        return problem
    }

    private func start(
        _ move: RefMoves.Move,
        at sha: String,
        isSkipped: Bool,
        in repository: Repository
    ) async throws {
        let commit = try await mirrors.commit(sha, of: repository)
        let event: Event = Ref.tag(move.ref) == nil ? .push : .tag
        let change = Change(
            repository: repository.id,
            event: event,
            ref: move.ref,
            before: move.before,
            commit: commit,
            actor: commit.author
        )
        let reason =
            event == .tag
            ? "Tag \(Ref.short(move.ref)) by \(commit.author)"
            : "Push to \(Ref.short(move.ref)) by \(commit.author)"
        let drafts =
            isSkipped || asksToSkip(commit.message, on: event)
            ? [] : try await mirrors.drafts(for: change, in: repository, reason: reason)
        if !drafts.isEmpty { try await mirrors.keep(sha, of: repository) }
        let builds = try await database.write {
            try $0.accept(change, starting: drafts, at: Date())
        }
        actions.announce(builds ?? [])
    }
}
