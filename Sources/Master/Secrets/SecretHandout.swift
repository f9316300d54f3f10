import Core
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Wire

/// `POST /worker/v1/attempts/{id}/secrets`: what the steps of a job ask for.
///
/// Only under the job's lease and fence, and only what its own steps name. What an attempt was
/// given once it is given again until it ends, whatever became of the secret: a worker that
/// started again hides it in the log of the step that has it.
struct SecretHandout: Sendable {
    let database: ControlDatabase
    let leases: LeaseTable
    let vault: SecretVault

    func add(to routes: Routes) {
        routes.on(.post, "/worker/v1/attempts/:id/secrets", needs: .work) { request, context in
            let message: SecretsMessage = try await request.decoded()
            let lease = try leases.lease(for: request, context, fence: message.fence)
            return try json(try await answer(message, under: lease), isSorted: false)
        }
    }

    private func answer(
        _ message: SecretsMessage,
        under lease: LeaseTable.Lease
    ) async throws -> SecretsAnswer {
        let names = Set(message.names)
        let decision = try await database.write { tx in
            try Self.decide(names, under: lease, tx, at: Date())
        }
        guard decision.refusals.isEmpty else { return SecretsAnswer(refusals: decision.refusals) }
        do {
            let secrets = try decision.granted.map { secret in
                NamedSecret(name: secret.terms.name, value: try vault.open(secret))
            }
            return SecretsAnswer(secrets: secrets)
        } catch let problem as RequestProblem {
            return SecretsAnswer(refusals: [problem.detail])
        }
    }

    private struct Decision: Sendable {
        var granted: [SealedSecret] = []
        var refusals: [String] = []
    }

    /// Decides on all of them and notes it, before any leaves the server: all or none.
    private static func decide(
        _ names: Set<String>,
        under lease: LeaseTable.Lease,
        _ tx: any ControlTransaction,
        at now: Date
    ) throws -> Decision {
        guard let live = try tx.attempt(lease.attempt), live.attempt.fence == lease.fence,
            live.attempt.worker == lease.worker, live.attempt.isLive
        else { throw StorageError(.staleFence, "Attempt \(lease.attempt) has ended: stop it.") }
        guard names.isSubset(of: live.spec.secretNames) else {
            throw RequestProblem(
                .forbidden,
                "No step of job \(live.attempt.job) asks for the secret "
                    + "\(names.subtracting(live.spec.secretNames).sorted().joined(separator: ", "))."
            )
        }
        let had = try tx.grantedSecrets(to: lease.attempt)
        let isTried = try tx.isTried(live.build.sha, of: live.build.repository)
        let asker = SecretAsker(live.build, isTried: isTried)
        var decision = Decision()
        var grants: [SecretRow] = []
        for name in names.sorted() where had[name] == nil {
            let known = try tx.secrets(named: name, for: live.build.repository)
            switch secretVerdict(on: name, for: asker, among: known.map(\.terms)) {
            case .given(let terms):
                grants += known.filter { $0.terms == terms }
            case .refused(let reason):
                decision.refusals.append(reason)
                try tx.noteRefusal(of: name, to: live, because: reason, at: now)
            }
        }
        guard decision.refusals.isEmpty else { return decision }
        for secret in grants { try tx.grant(secret, to: live, at: now) }
        decision.granted = try tx.grantedSecrets(to: lease.attempt)
            .filter { names.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
        return decision
    }
}

extension Attempt {
    fileprivate var isLive: Bool {
        switch state {
        case .offered, .running: true
        case .finished, .lost: false
        }
    }
}
