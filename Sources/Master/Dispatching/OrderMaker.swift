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
        var orders: [JobOrder] = []
        for live in attempts {
            guard let repository = repositories.first(where: { $0.id == live.build.repository })
            else { continue }
            let commit = try await mirrors.commit(live.build.sha, of: repository)
            orders.append(order(for: live, in: repository, committedAt: commit.committedAt))
        }
        return orders
    }

    private func order(
        for live: LiveAttempt,
        in repository: Repository,
        committedAt: Date
    ) -> JobOrder {
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
                committedAt: committedAt,
                address: address
            ),
            spec: live.spec
        )
    }
}
