import CodeStore
import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// What built-in steps ask of the master: publish, promote, download.
///
/// A refusal is the step's red result with its reasons in the log, not an error of ours.
struct StepRoutes: Sendable {
    let database: ControlDatabase
    let store: CodeStoreDatabase
    let leases: LeaseTable
    let artifacts: ArtifactKeeper

    func add(to routes: Routes) {
        routes.on(.post, "/worker/v1/attempts/:id/publications", needs: .work) { request, context in
            let message: PublicationMessage = try await request.decoded(limit: 32 << 20)
            let lease = try leases.lease(for: request, context, fence: message.fence)
            return try json(try await publish(message, under: lease))
        }
        routes.on(.post, "/worker/v1/attempts/:id/promotions", needs: .work) { request, context in
            let message: StepPromotionMessage = try await request.decoded()
            let lease = try leases.lease(for: request, context, fence: message.fence)
            return try json(try await promote(message, under: lease))
        }
        routes.on(.get, "/worker/v1/attempts/:id/artifacts", needs: .work) { request, context in
            let lease = try leases.lease(for: request, context)
            guard let job = request.query("job"), let name = request.query("name") else {
                throw RequestProblem(.badRequest, "This call takes `job` and `name`.")
            }
            let artifact = try await database.read { tx in
                try tx.artifact(named: name, ofJob: job, in: lease.build)
            }
            guard let artifact else {
                throw RequestProblem.notFound("artifact \(name) of job \(job) in this build")
            }
            return try json(
                ArtifactContentMessage(files: try await artifacts.files(of: artifact))
            )
        }
    }

    /// The attempt of a lease, and what the step a message is about does, as far as it is known.
    private func step(
        _ index: Int,
        of lease: LeaseTable.Lease
    ) async throws -> (live: LiveAttempt, action: StepAction) {
        let found = try await database.read { tx in
            try tx.attempt(lease.attempt).map { ($0, try tx.readyNames(of: $0)) }
        }
        guard let (live, names) = found else {
            throw RequestProblem.notFound("attempt \(lease.attempt)")
        }
        guard live.spec.steps.indices.contains(index - 1) else {
            throw RequestProblem.notFound("step \(index)")
        }
        return (live, try live.spec.steps[index - 1].action.folded(with: names))
    }

    private func releaseObstacle(of build: Build) async throws -> String? {
        let isTried = try await database.read { tx in
            try tx.isTried(build.sha, of: build.repository)
        }
        return build.releaseObstacle(isTried: isTried)
    }

    // MARK: Publish

    private func publish(
        _ message: PublicationMessage,
        under lease: LeaseTable.Lease
    ) async throws -> StepOutcomeMessage {
        let (live, action) = try await step(message.step, of: lease)
        guard case .publish(let spec) = action else {
            throw RequestProblem(.badRequest, "Step \(message.step) publishes nothing.")
        }
        let build = live.build
        if let obstacle = try await releaseObstacle(of: build) {
            return StepOutcomeMessage(log: ["Nothing was published: \(obstacle)"], isDone: false)
        }
        let unit = message.unit ?? spec.unit?.constant ?? build.repositoryName
        do {
            let draft = ReleaseDraft(
                unit: unit,
                version: message.version ?? spec.version?.constant ?? build.semver,
                entries: try message.files.map { try $0.releaseEntry },
                provenance: Provenance(
                    build: build.id,
                    job: lease.job,
                    repository: build.repositoryName,
                    commit: build.sha
                ),
                notes: message.notes,
                channel: message.channel ?? spec.channel?.constant
            )
            let publication = try await store.publish(
                draft,
                by: PromotionActor(.build, "\(build.repositoryName) #\(build.number)"),
                idempotencyKey: "job \(lease.job) step \(message.step)",
                at: Date()
            )
            return StepOutcomeMessage(log: lines(about: publication), isDone: true)
        } catch let error as CodeStoreError {
            return try refusal(error, "Nothing was published")
        } catch let problem as ReleaseProblem {
            return StepOutcomeMessage(log: ["Nothing was published: \(problem)"], isDone: false)
        }
    }

    private func lines(about publication: Publication) -> [String] {
        let release = publication.release
        var lines = [
            publication.isNew
                ? "Published \(release.unit) \(release.version): "
                    + "\(release.files) files, \(release.bytes) bytes"
                : "\(release.unit) \(release.version) was published already, with these files",
            "Release \(release.digest)",
        ]
        if let promotion = publication.promotion {
            lines.append("Channel \(publication.channel) moved to it as r\(promotion.rev)")
        }
        for unmet in publication.unmet {
            lines.append(
                "Channel \(publication.channel) stayed: \(unmet.problem) (\(unmet.remedy))"
            )
        }
        return lines
    }

    // MARK: Promote

    private func promote(
        _ message: StepPromotionMessage,
        under lease: LeaseTable.Lease
    ) async throws -> StepOutcomeMessage {
        let (live, action) = try await step(message.step, of: lease)
        guard case .promote(let wanted, let target) = action else {
            throw RequestProblem(.badRequest, "Step \(message.step) promotes nothing.")
        }
        let build = live.build
        if let obstacle = try await releaseObstacle(of: build) {
            return StepOutcomeMessage(log: ["No channel moved: \(obstacle)"], isDone: false)
        }
        let unit = message.unit ?? wanted?.constant ?? build.repositoryName
        guard let channel = message.channel ?? target.constant else {
            throw RequestProblem(.badRequest, "The channel of step \(message.step) is not known.")
        }
        let published = try await store.releases(of: build.id)
        guard let release = published.last(where: { $0.unit == unit }) else {
            return StepOutcomeMessage(
                log: [
                    "This build has published no release of \(unit): "
                        + "put a `publish` step before this one, or into a job it needs."
                ],
                isDone: false
            )
        }
        do {
            let outcome = try await store.promote(
                .digest(release.digest),
                to: ChannelKey(unit: unit, channel: channel),
                as: PromotionIntent(
                    actor: PromotionActor(.build, "\(build.repositoryName) #\(build.number)"),
                    reason: "Step of build #\(build.number)",
                    idempotencyKey: "promote job \(lease.job) step \(message.step)"
                ),
                at: Date()
            )
            return StepOutcomeMessage(
                log: ["\(unit)/\(channel) runs \(release.version) as r\(outcome.promotion.rev)"],
                isDone: true
            )
        } catch let error as CodeStoreError {
            return try refusal(error, "\(unit)/\(channel) did not move")
        }
    }

    /// A refusal the user can act on, as the step's log; anything else stays an error.
    private func refusal(_ error: CodeStoreError, _ what: String) throws -> StepOutcomeMessage {
        switch error {
        case .notFound, .invalid, .missingBlobs, .digestMismatch, .versionTaken, .keyReused, .stale:
            return StepOutcomeMessage(log: ["\(what): \(error)"], isDone: false)
        case .refused(_, _, let unmet):
            return StepOutcomeMessage(
                log: ["\(what):"] + unmet.map { "  \($0.problem) (\($0.remedy))" },
                isDone: false
            )
        case .full, .corrupt, .busy, .failed:
            throw error
        }
    }
}
