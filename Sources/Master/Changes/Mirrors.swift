import Core
import Foundation
import Git
import HTTPTypes
import Storage
import Synchronization

/// The master's copies of all repositories, and what builds need to know from them.
final class Mirrors: Sendable {
    private let folder: String
    private static let commitsMax = 1_000

    private let open = Mutex<[RepositoryID: Mirror]>([:])
    private let commits = Mutex<[String: Commit]>([:])
    private let answers = RefAnswers()
    /// By commit; what a commit holds never changes.
    let sources = Mutex<[String: [PipelineSource]]>([:])
    static let sourcesMax = 50

    init(folder: String) {
        self.folder = folder
    }

    /// Refuses a URL that no fetch would be tried for.
    func check(url: String) throws {
        do {
            _ = try RemoteURL(url)
        } catch {
            throw RequestProblem(.badRequest, "This URL cannot be used: \(error).")
        }
    }

    /// The mirror of a repository; made when there is none.
    func mirror(of repository: Repository) throws -> Mirror {
        try open.withLock { open in
            if let mirror = open[repository.id] { return mirror }
            let mirror = try Mirror(at: "\(folder)/\(repository.id).git")
            open[repository.id] = mirror
            return mirror
        }
    }

    /// Forgets and deletes a repository's mirror.
    func remove(_ repository: Repository) {
        open.withLock { $0[repository.id] = nil }
        answers.forget(repository.id)
        try? FileManager.default.removeItem(atPath: "\(folder)/\(repository.id).git")
    }

    func fetch(_ repository: Repository) async throws -> FetchedRefs {
        let url = try RemoteURL(repository.url)
        return try await mirror(of: repository)
            .fetch(url, withPullRequests: repository.pollsPullRequests)
    }

    /// Brings what refs beside branches and tags lead to, as far as there are any.
    func bring(_ names: [String], of repository: Repository) async throws -> [String: String] {
        try await mirror(of: repository).bring(names, from: try RemoteURL(repository.url))
    }

    /// Brings the newest commit of a branch of a fork, where it has one of that name.
    func bring(
        branch: String,
        ofFork name: String,
        of repository: Repository
    ) async throws -> String? {
        let ref = Ref.branchPrefix + branch
        let url = try RemoteURL(repository.url).fork(named: name)
        return try await mirror(of: repository).bring([ref], from: url)[ref]
    }

    /// Holds a commit, whatever happens to the remote's refs.
    func keep(_ sha: String, of repository: Repository) async throws {
        try await mirror(of: repository).keep(sha)
    }

    /// A commit; the ones read last are remembered, since they never change.
    func commit(_ sha: String, of repository: Repository) async throws -> Commit {
        if let known = commits.withLock({ $0[sha] }) { return known }
        let commit = try await mirror(of: repository).read { try $0.commit(sha).commit }
        commits.withLock { commits in
            if commits.count >= Self.commitsMax { commits = [:] }
            commits[sha] = commit
        }
        return commit
    }

    /// The commit that a name stands for.
    func resolve(_ name: String, in repository: Repository) async throws -> RefAnswers.Resolved? {
        let mirror = try mirror(of: repository)
        let generation = mirror.generation
        if let known = answers.resolved(name, in: repository.id, at: generation) { return known }
        do {
            let resolved = try await mirror.read { reader in
                let sha = try reader.resolve(name)
                let refs = try reader.refs()
                let ref = [name, Ref.branchPrefix + name, Ref.tagPrefix + name]
                    .first { refs[$0] != nil }
                return RefAnswers.Resolved(ref: ref ?? "", commit: try reader.commit(sha).commit)
            }
            answers.note(resolved, of: name, in: repository.id, at: generation)
            return resolved
        } catch let error as GitError where error.code == .notFound {
            return nil
        }
    }

    /// Where a commit stands after the nearest version.
    func versionTag(of sha: String, in repository: Repository) async throws -> VersionTag {
        let mirror = try mirror(of: repository)
        let generation = mirror.generation
        if let known = answers.versionTag(of: sha, in: repository.id, at: generation) {
            return known
        }
        let description = try await mirror.read { try $0.describe(sha) }
        let tag = VersionTag(tag: description?.tag, distance: description?.distance ?? 0)
        answers.note(tag, of: sha, in: repository.id, at: generation)
        return tag
    }
}
