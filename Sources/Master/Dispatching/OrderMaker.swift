import Core
import Foundation
import Storage
import Wire

/// An attempt that is offered, with what its order is made of.
struct ReadyOffer: Sendable {
    var live: LiveAttempt
    var repository: Repository
    /// What values may be put into the job.
    var names: Names
}

/// Makes a worker's order from an offer: the job, and the variables its steps get.
struct OrderMaker: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let ends: AttemptEnds
    /// Of this server, as steps and links name it.
    let address: String

    /// Reads what the orders for these attempts are made of.
    func ready(_ attempts: [LiveAttempt], _ tx: any ControlTransaction) throws -> [ReadyOffer] {
        var repositories: [String: Repository] = [:]
        return try attempts.compactMap { live in
            let name = live.build.repositoryName
            let known = try repositories[name] ?? tx.repository(named: name)
            guard let known, known.id == live.build.repository else { return nil }
            repositories[name] = known
            return ReadyOffer(live: live, repository: known, names: try tx.readyNames(of: live))
        }
    }

    func orders(for offers: [ReadyOffer]) async throws -> [JobOrder] {
        var orders: [JobOrder] = []
        for offer in offers {
            guard let live = try await readied(offer) else { continue }
            let repository = offer.repository
            let commit = try await mirrors.commit(live.build.sha, of: repository)
            var order = order(for: live, in: repository, committedAt: commit.committedAt)
            order.about = JobContext(of: live.spec, in: live.build, repository, names: offer.names)
            orders.append(order)
        }
        return orders
    }

    /// With every value in its job that is known by now; nil: it has failed for that.
    private func readied(_ offer: ReadyOffer) async throws -> LiveAttempt? {
        do throws(ExpressionError) {
            var live = offer.live
            live.spec = try live.spec.readied(with: offer.names)
            if live.spec != offer.live.spec { live.document = nil }
            return live
        } catch {
            try await fail(offer.live, because: error.message)
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
            spec: live.spec,
            document: live.document
        )
    }
}
