import Core
import Foundation
import Storage
import Wire

/// Makes a worker's order from an offer: the job, and the variables its steps get.
struct OrderMaker: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    /// Of this server, as steps and links name it.
    let address: String

    func orders(for offers: [Offer]) async throws -> [JobOrder] {
        try await orders(
            for: offers.map {
                LiveAttempt(attempt: $0.attempt, build: $0.build, spec: $0.spec, isCancelled: false)
            }
        )
    }

    func orders(for attempts: [LiveAttempt]) async throws -> [JobOrder] {
        let names = Set(attempts.map(\.build.repositoryName))
        let repositories = try await database.read { tx in
            try names.compactMap { try tx.repository(named: $0) }
        }
        return attempts.compactMap { live in
            guard let repository = repositories.first(where: { $0.id == live.build.repository })
            else { return nil }
            return order(for: live, in: repository)
        }
    }

    private func order(for live: LiveAttempt, in repository: Repository) -> JobOrder {
        let build = live.build
        return JobOrder(
            attempt: live.attempt.id.rawValue,
            fence: live.attempt.fence,
            job: live.attempt.job.rawValue,
            build: build.id.rawValue,
            repository: build.repositoryName,
            ref: build.ref,
            sha: build.sha,
            environment: stepEnvironment(
                build: build,
                job: live.spec.name,
                jobID: live.attempt.job,
                attempt: live.attempt.number,
                repository: repository,
                committedAt: build.createdAt,
                address: address
            ),
            spec: live.spec
        )
    }
}
