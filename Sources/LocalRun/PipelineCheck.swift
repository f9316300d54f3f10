package import Core
import Foundation
import PipelineFile

/// Everything that is wrong with the pipeline files of a folder, those that jobs use included.
package struct PipelineCheck: Sendable {
    /// From the folder on, in order.
    package let files: [String]
    package let problems: [Problem]

    /// Looks at all files of `pipelines/` in a folder.
    ///
    /// Throws ``LocalRunError``.
    package init(of root: String) throws {
        let folder = PipelineFolder(root: root)
        files = try folder.paths()
        guard !files.isEmpty else { throw folder.nothing }
        problems = try Self.problems(of: files, in: folder)
    }

    /// Looks at one file, with those beside it that its jobs use, where it lies in a `pipelines/`.
    ///
    /// Throws ``LocalRunError``.
    package init(ofFile path: String) throws {
        files = [path]
        guard let place = path.range(of: "pipelines/", options: .backwards),
            place.lowerBound == path.startIndex || path[..<place.lowerBound].hasSuffix("/")
        else {
            problems = try PipelineFolder(root: ".").read(path).problems
            return
        }
        let above = path[..<place.lowerBound]
        let folder = PipelineFolder(root: above.isEmpty ? "." : String(above.dropLast()))
        let own = String(path[place.lowerBound...])
        problems = try Self.problems(of: [own], in: folder).map { problem in
            var problem = problem
            problem.path = above + problem.path
            return problem
        }
    }

    private static func problems(of paths: [String], in folder: PipelineFolder) throws -> [Problem]
    {
        var found: [Problem] = []
        var pipelines: [Pipeline] = []
        for path in paths {
            switch try folder.read(path) {
            case .problems(let problems): found += problems
            case .pipeline(let pipeline): pipelines.append(pipeline)
            }
        }
        guard pipelines.contains(where: { $0.jobs.contains { $0.uses != nil } }) else {
            return found
        }
        // A used file that cannot be read has answered for itself.
        let (library, unreadable) = try folder.whole()
        let known = Set(found)
        for pipeline in pipelines {
            guard !pipeline.jobs.contains(where: { unreadable.contains($0.uses?.file ?? "") })
            else { continue }
            for problem in Core.problems(in: pipeline, library: library)
            where !known.contains(problem) && !found.contains(problem) {
                found.append(problem)
            }
        }
        return found
    }

    /// How long reading and planning a file takes, in milliseconds, for a push to `main`: the
    /// median of some rounds; nil where it cannot be planned.
    package static func time(ofFile path: String) throws -> Double? {
        let folder = PipelineFolder(root: ".")
        let bytes = try folder.bytes(path)
        let change = Change(
            repository: RepositoryID(0),
            event: .push,
            ref: Ref.branchPrefix + "main",
            before: nil,
            commit: Commit(
                sha: String(repeating: "0", count: 40),
                message: "",
                author: "",
                authorEmail: "",
                committedAt: Date()
            ),
            actor: ""
        )
        let request = PlanRequest(change: change, defaultBranch: "main")
        var rounds: [Double] = []
        for _ in 0..<9 {
            let start = ContinuousClock.now
            guard case .pipeline(let pipeline) = readPipeline(bytes, path: path),
                case .plan = plan(pipeline, for: request)
            else { return nil }
            rounds.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        return rounds.sorted()[rounds.count / 2]
    }
}

extension PipelineReading {
    fileprivate var problems: [Problem] {
        switch self {
        case .pipeline: []
        case .problems(let problems): problems
        }
    }
}
