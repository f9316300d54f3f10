import Core
import Foundation
import Git
import PipelineFile
import Storage
import Synchronization

extension Mirrors {
    /// Of `pipelines/` and its subfolders in one commit; more are refused as one problem.
    static let pipelineFilesMax = 200

    /// A pipeline file of a commit, as far as it could be read.
    struct PipelineSource: Sendable {
        var path: String
        var reading: PipelineReading
    }

    /// The builds that a change starts, in the order of the pipeline files.
    ///
    /// `only` is the pipeline that was asked for, nil means all; `inputs` are what a person gave.
    func drafts(
        for change: Change,
        in repository: Repository,
        only: String? = nil,
        inputs: [String: String] = [:],
        reason: String
    ) async throws -> [BuildDraft] {
        let sources = try await pipelines(of: change.commit.sha, in: repository)
        let request = PlanRequest(
            change: change,
            defaultBranch: repository.defaultBranch,
            inputs: inputs,
            changedPaths: try await changedPaths(of: change, in: repository),
            library: sources.library
        )
        let versionTag = try await versionTag(of: change.commit.sha, in: repository)
        let awaited = sources.awaited
        return sources.filter(\.startsBuilds).compactMap { source in
            var draft = draft(source, request, only: only, reason: reason, versionTag)
            if let name = draft?.pipeline { draft?.isAwaited = awaited.contains(name) }
            return draft
        }
    }

    private func draft(
        _ source: PipelineSource,
        _ request: PlanRequest,
        only: String?,
        reason: String,
        _ versionTag: VersionTag
    ) -> BuildDraft? {
        let pipeline: Pipeline
        switch source.reading {
        case .problems(let problems):
            let name = pipelineName(ofFile: source.path)
            // Its push has shown what is wrong; nobody knows what else it would follow.
            guard only == nil || only == name, request.change.event != .pipeline else {
                return nil
            }
            return BuildDraft(pipeline: name, reason: reason, problems: problems)
        case .pipeline(let read):
            pipeline = read
        }
        guard only == nil || only == pipeline.name else { return nil }
        let paths = request.changedPaths
        // Whoever tries one by its name does not ask what would start it.
        let isNamedTry = request.change.event == .trial && only != nil
        if !isNamedTry,
            let obstacle = obstacle(pipeline.triggers, for: request.change, changedPaths: paths)
        {
            let isPassed = obstacle == .paths && pipeline.triggers.push?.pathsMode == .include
            return isPassed ? BuildDraft(passing: pipeline.name) : nil
        }
        switch plan(pipeline, for: request) {
        case .problems(let problems):
            return BuildDraft(pipeline: pipeline.name, reason: reason, problems: problems)
        case .plan(let plan):
            return BuildDraft(plan, reason: reason, versionTag: versionTag)
        }
    }

    private func pipelineName(ofFile path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }

    /// Every pipeline file of a commit, in the order of their paths.
    func pipelines(
        of sha: String,
        in repository: Repository
    ) async throws -> [PipelineSource] {
        if let known = sources.withLock({ $0[sha] }) { return known }
        let files = try await mirror(of: repository).read { reader in
            try reader.pipelineFiles(of: sha, max: Self.pipelineFilesMax)
        }
        let read = files.map { file in
            switch file.content {
            case .failure(let problem):
                PipelineSource(path: file.path, reading: .problems([problem]))
            case .success(let bytes):
                PipelineSource(path: file.path, reading: readPipeline(bytes, path: file.path))
            }
        }
        sources.withLock { sources in
            if sources.count >= Self.sourcesMax { sources = [:] }
            sources[sha] = read
        }
        return read
    }

    /// Nil when nothing is known to compare with, which counts as touching everything.
    private func changedPaths(of change: Change, in repository: Repository) async throws
        -> [String]?
    {
        switch change.event {
        case .push, .pullRequest, .trial: break
        case .tag, .schedule, .pipeline, .manual: return nil
        }
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

extension Mirrors.PipelineSource {
    /// A file in a subfolder is for others to use.
    var startsBuilds: Bool { path.utf8.count { $0 == UInt8(ascii: "/") } == 1 }
}

extension [Mirrors.PipelineSource] {
    /// Pipelines whose end starts others.
    fileprivate var awaited: Set<String> {
        let names = filter(\.startsBuilds).flatMap { source -> [String] in
            guard case .pipeline(let pipeline) = source.reading else { return [] }
            return pipeline.triggers.pipelines.map(\.name)
        }
        return Set(names)
    }

    /// What jobs may use, by path.
    var library: [String: Pipeline] {
        var library: [String: Pipeline] = [:]
        for source in self where !source.startsBuilds {
            guard case .pipeline(let pipeline) = source.reading else { continue }
            library[source.path] = pipeline
        }
        return library
    }
}

/// A file of `pipelines/`, or why it cannot be had.
struct PipelineBytes: Sendable {
    var path: String
    var content: Result<[UInt8], Problem>
}

extension MirrorReader {
    /// How deep folders of reusable files may lie below `pipelines/`.
    private static var depthMax: Int { 4 }

    func pipelineFiles(of sha: String, max: Int) throws -> [PipelineBytes] {
        var files: [PipelineBytes] = []
        var folders = [(path: "pipelines", depth: 0)]
        while let folder = folders.popLast() {
            let entries = try self.folder(at: folder.path, of: sha) ?? []
            for entry in entries.sorted(by: { $0.name < $1.name }) where files.count < max {
                let path = "\(folder.path)/\(entry.name)"
                switch entry.kind {
                case .folder where folder.depth < Self.depthMax:
                    folders.append((path, folder.depth + 1))
                case .file where path.isPipelineFile, .executable where path.isPipelineFile:
                    files.append(PipelineBytes(path: path, content: content(at: path, of: sha)))
                case _:
                    continue
                }
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    private func content(at path: String, of sha: String) -> Result<[UInt8], Problem> {
        do throws(GitError) {
            return .success(try file(at: path, of: sha) ?? [])
        } catch {
            return .failure(Problem(path: path, line: 0, column: 0, message: "\(error)"))
        }
    }
}

extension String {
    fileprivate var isPipelineFile: Bool { hasSuffix(".yml") || hasSuffix(".yaml") }
}

extension Problem: Error {}
