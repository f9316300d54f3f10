import Core
import Foundation
import PipelineFile
import Storage

/// Jobs that steps asked for through `$CI_JOBS`.
extension FinishSealing {
    /// Fragments one job may ask for.
    private static let fragmentsMax = JobSpec.stepsMax

    /// Reads them; one that cannot be read fails the job that asked for it.
    func take(
        _ fragments: [String],
        into end: inout AttemptEnd,
        of lease: LeaseTable.Lease
    ) async throws {
        let request = try await planRequest(of: lease)
        for text in fragments.prefix(Self.fragmentsMax) {
            switch readFragment(Array(text.utf8), path: "$CI_JOBS") {
            case .pipeline(var fragment):
                fragment.name = request.pipeline
                end.additions.append(JobAddition(fragment, for: request.plan))
            case .problems(let problems):
                let words = problems.map(\.description).joined(separator: "\n")
                end.result = .failure
                end.reason = String("the jobs it asked for: \(words)".prefix(2_000))
                end.additions = []
                return
            }
        }
    }

    /// What the build's own file was planned with, but for what a person was asked.
    private func planRequest(
        of lease: LeaseTable.Lease
    ) async throws -> (plan: PlanRequest, pipeline: String) {
        let found = try await database.read { tx in
            try tx.build(lease.build).flatMap { build in
                try tx.repository(named: build.repositoryName).map { (build, $0) }
            }
        }
        guard let (build, repository) = found else {
            throw RequestProblem.notFound("build \(lease.build)")
        }
        let change = Change(
            repository: repository.id,
            event: build.event,
            ref: build.ref,
            before: nil,
            commit: try await mirrors.commit(build.sha, of: repository),
            actor: build.author
        )
        let request = PlanRequest(
            change: change,
            defaultBranch: repository.defaultBranch,
            library: try await mirrors.pipelines(of: build.sha, in: repository).library
        )
        return (request, build.pipeline)
    }
}
