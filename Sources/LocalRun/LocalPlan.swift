package import Core
import Foundation
import Git
import PipelineFile

/// What is to be run of a working tree: a build without a server.
package struct LocalPlan: Sendable {
    package let plan: Plan
    package let build: Build
    package let repository: Repository
    /// The commit's time.
    let committedAt: Date
    /// Holds the commit of what was in the working tree.
    let store: String
    /// That commit, with where its submodules are.
    let snapshot: TreeSnapshot
    /// What it was planned with, for jobs that steps ask for.
    let asked: PlanRequest

    /// Plans the jobs, for the files as they are now, in a folder for this run alone.
    ///
    /// Throws ``LocalRunError``, or Git's own error.
    package static func make(
        for request: LocalRequest,
        in scratch: String
    ) async throws -> LocalPlanning {
        let tree = try WorkingTree(around: request.folder)
        let folder = PipelineFolder(root: tree.folder)
        let path = try folder.file(meantBy: request.pipeline)
        let pipeline: Pipeline
        switch try folder.read(path) {
        case .problems(let problems): return .problems(problems)
        case .pipeline(let read): pipeline = read
        }
        let store = "\(scratch)/store"
        let author = WorkingTree.Author(name: NSUserName(), email: "\(NSUserName())@localhost")
        let snapshot = try await tree.wholeSnapshot(into: store, by: author)
        let sha = snapshot.sha
        let (commit, tag) = try await Mirror(at: store).read { reader in
            (try reader.commit(sha).commit, try reader.describe(sha))
        }
        let repository = repository(of: tree)
        let change = Change(
            repository: repository.id,
            event: request.event,
            ref: tree.branch ?? "",
            before: nil,
            commit: commit,
            actor: NSUserName()
        )
        let asked = PlanRequest(
            change: change,
            defaultBranch: repository.defaultBranch,
            inputs: request.inputs,
            library: try folder.library()
        )
        switch Core.plan(pipeline, for: asked) {
        case .problems(let problems):
            return .problems(problems)
        case .plan(let plan):
            let build = build(
                of: plan,
                change,
                in: repository,
                VersionTag(tag: tag?.tag, distance: tag?.distance ?? 0)
            )
            return .plan(
                LocalPlan(
                    plan: try narrowed(plan, to: request),
                    build: build,
                    repository: repository,
                    committedAt: commit.committedAt,
                    store: store,
                    snapshot: snapshot,
                    asked: asked
                )
            )
        }
    }

    private static func repository(of tree: WorkingTree) -> Repository {
        Repository(
            id: RepositoryID(0),
            name: URL(filePath: tree.folder).lastPathComponent,
            url: tree.folder,
            defaultBranch: "main",
            createdAt: Date()
        )
    }

    private static func build(
        of plan: Plan,
        _ change: Change,
        in repository: Repository,
        _ versionTag: VersionTag
    ) -> Build {
        Build(
            id: BuildID(0),
            repository: repository.id,
            repositoryName: repository.name,
            number: 0,
            pipeline: plan.pipeline,
            event: change.event,
            ref: change.ref,
            sha: change.commit.sha,
            versionTag: versionTag,
            message: change.commit.message,
            author: change.commit.author,
            reason: "slipway run",
            state: .running,
            createdAt: Date()
        )
    }

    /// The jobs asked for with all they need, without those of a matrix that are not wanted.
    private static func narrowed(_ plan: Plan, to request: LocalRequest) throws -> Plan {
        var plan = plan
        plan.jobs.removeAll { job in
            request.matrix.contains { axis, value in
                job.matrix[axis].map { $0 != value } ?? false
            }
        }
        // What was left out on purpose holds up nothing.
        let left = Set(plan.jobs.map(\.name) + plan.filtered.map(\.spec.name))
        for index in plan.jobs.indices { plan.jobs[index].needs.removeAll { !left.contains($0) } }
        guard !request.jobs.isEmpty else { return plan }
        var wanted: Set<String> = []
        var open: [String] = []
        for word in request.jobs {
            let named = plan.jobs.filter { $0.name == word || $0.key == word }.map(\.name)
            guard !named.isEmpty else {
                throw LocalRunError(
                    "there is no job '\(word)' to run",
                    hint: "there are \(plan.jobs.map(\.name).joined(separator: ", "))"
                )
            }
            open += named
        }
        while let name = open.popLast() {
            guard wanted.insert(name).inserted else { continue }
            open += plan.jobs.first { $0.name == name }?.needs ?? []
        }
        plan.jobs.removeAll { !wanted.contains($0.name) }
        plan.filtered.removeAll { !wanted.contains($0.spec.name) }
        return plan
    }
}

/// What came of planning a run.
package enum LocalPlanning: Sendable {
    case plan(LocalPlan)
    /// All that is wrong with the pipeline.
    case problems([Problem])
}
