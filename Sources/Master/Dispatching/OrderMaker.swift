import Core
import Foundation
import Storage
import Wire

/// Makes a worker's order from an offer: the job, and the variables its steps get.
struct OrderMaker: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let ends: AttemptEnds
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
            guard let live = try await readied(live) else { continue }
            let commit = try await mirrors.commit(live.build.sha, of: repository)
            orders.append(order(for: live, in: repository, committedAt: commit.committedAt))
        }
        return orders
    }

    /// With every value in its job that is known by now; nil: it has failed for that.
    private func readied(_ live: LiveAttempt) async throws -> LiveAttempt? {
        let names = try await database.read { try $0.readyNames(of: live) }
        do throws(ExpressionError) {
            var live = live
            live.spec = try live.spec.readied(with: names)
            return live
        } catch {
            try await fail(live, because: error.message)
            return nil
        }
    }

    private func fail(_ live: LiveAttempt, because reason: String) async throws {
        let attempt = live.attempt
        let end = AttemptEnd(
            result: .failure,
            reason: reason,
            steps: [],
            logDigests: [:],
            artifacts: []
        )
        let followed = try await database.write { tx in
            try tx.finish(end, of: attempt.id, fence: attempt.fence, at: Date())
        }
        ends.announce(attempt, of: live.build.id, followed)
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
