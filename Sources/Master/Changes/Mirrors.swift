import Core
import Foundation
import Git
import HTTPTypes
import PipelineFile
import Storage
import Synchronization

/// The master's copies of all repositories, and what builds need to know from them.
final class Mirrors: Sendable {
    /// Of `pipelines/` in one commit; more are refused as one problem.
    static let pipelineFilesMax = 100

    private let folder: String
    private static let commitsMax = 1_000

    private let open = Mutex<[RepositoryID: Mirror]>([:])
    private let commits = Mutex<[String: Commit]>([:])

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
        try? FileManager.default.removeItem(atPath: "\(folder)/\(repository.id).git")
    }

    func fetch(_ repository: Repository) async throws -> [String: String] {
        let url = try RemoteURL(repository.url)
        return try await mirror(of: repository).fetch(url).commits
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

    /// The commit that a name stands for, and the full ref when the name is a branch or tag.
    func resolve(_ name: String, in repository: Repository) async throws -> (
        ref: String, commit: Commit
    )? {
        do {
            return try await mirror(of: repository).read { reader in
                let sha = try reader.resolve(name)
                let refs = try reader.refs()
                let ref = [name, Ref.branchPrefix + name, Ref.tagPrefix + name]
                    .first { refs[$0] != nil }
                return (ref ?? "", try reader.commit(sha).commit)
            }
        } catch let error as GitError where error.code == .notFound {
            return nil
        }
    }

    /// The name that a release of this commit gets when its pipeline gives none.
    func version(of sha: String, build: Int, in repository: Repository) async throws -> String {
        let description = try await mirror(of: repository).read { try $0.describe(sha) }
        return semanticVersion(
            tag: description?.tag,
            distance: description?.distance ?? 0,
            build: build,
            sha: sha
        )
    }
}

extension Mirrors {
    /// The builds that a change starts, in the order of the pipeline files.
    func drafts(
        for change: Change,
        in repository: Repository,
        only: String? = nil,
        reason: String
    ) async throws -> [BuildDraft] {
        let files = try await pipelineFiles(of: change.commit.sha, in: repository)
        let paths = try await changedPaths(of: change, in: repository)
        return files.compactMap { path, content in
            switch content {
            case .failure(let problem):
                return broken([problem], path: path, only: only, reason: reason)
            case .success(let bytes):
                switch readPipeline(bytes, path: path) {
                case .problems(let problems):
                    return broken(problems, path: path, only: only, reason: reason)
                case .pipeline(let pipeline):
                    guard only == nil || only == pipeline.name else { return nil }
                    guard obstacle(pipeline.triggers, for: change, changedPaths: paths) == nil
                    else { return nil }
                    return BuildDraft(pipeline: pipeline.name, reason: reason, jobs: pipeline.jobs)
                }
            }
        }
    }

    private func broken(
        _ problems: [Problem],
        path: String,
        only: String?,
        reason: String
    ) -> BuildDraft? {
        let name = pipelineName(ofFile: path)
        guard only == nil || only == name else { return nil }
        return BuildDraft(pipeline: name, reason: reason, jobs: [], problems: problems)
    }

    private func pipelineName(ofFile path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }

    private func pipelineFiles(
        of sha: String,
        in repository: Repository
    ) async throws -> [(path: String, content: Result<[UInt8], Problem>)] {
        try await mirror(of: repository).read { reader in
            let entries = try reader.folder(at: "pipelines", of: sha) ?? []
            let names = entries.filter { $0.kind == .file || $0.kind == .executable }.map(\.name)
                .filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
            var files: [(path: String, content: Result<[UInt8], Problem>)] = []
            for name in names.sorted().prefix(Self.pipelineFilesMax) {
                let path = "pipelines/\(name)"
                do throws(GitError) {
                    let bytes = try reader.file(at: path, of: sha) ?? []
                    files.append((path, .success(bytes)))
                } catch {
                    let problem = Problem(path: path, line: 0, column: 0, message: "\(error)")
                    files.append((path, .failure(problem)))
                }
            }
            return files
        }
    }

    /// Nil when nothing is known to compare with, which counts as touching everything.
    private func changedPaths(of change: Change, in repository: Repository) async throws
        -> [String]?
    {
        guard change.event == .push else { return nil }
        return try await mirror(of: repository).read { reader in
            var base = change.before
            if base == nil {
                let main = Ref.branchPrefix + repository.defaultBranch
                if main != change.ref, let tip = try reader.refs()[main] {
                    base = try reader.mergeBase(of: change.commit.sha, and: tip)
                }
            }
            guard let base else { return nil }
            let changed = try reader.changedPaths(from: base, to: change.commit.sha)
            return changed.isTruncated ? nil : changed.paths
        }
    }
}

extension Problem: Error {}
