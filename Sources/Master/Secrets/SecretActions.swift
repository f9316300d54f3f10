import Core
import Foundation
import HTTPTypes
import Storage
import Wire

/// What administrators do with secrets; nobody reads one.
struct SecretActions: Sendable {
    let database: ControlDatabase
    let vault: SecretVault

    /// Rows sealed anew in one transaction.
    private static let rewrapBatch = 100

    func all(of repository: String?) async throws -> [SecretRow] {
        guard let repository else { return try await database.read { try $0.secrets() } }
        return try await database.read { tx in
            try tx.secrets(of: try Self.repository(repository, tx))
        }
    }

    /// Keeps a secret; the second value tells whether it is new.
    func set(
        _ message: NewSecretMessage,
        as name: String,
        of repository: String?,
        by actor: String
    ) async throws -> (SecretRow, isNew: Bool) {
        let vault = vault
        if let problem = message.value.problem { throw RequestProblem(.badRequest, problem) }
        return try await database.write { tx in
            let terms = SecretTerms(
                name: name,
                repository: try Self.repository(repository, tx),
                branches: message.branches ?? [],
                events: message.events ?? []
            )
            if let problem = terms.problem { throw RequestProblem(.badRequest, problem) }
            // Here, and not before: a rewrap that goes on at the same time finds every row that
            // was sealed with the key before.
            let sealed = try vault.seal(message.value, for: terms)
            let isNew = try tx.keep(sealed, by: actor, at: Date())
            guard let row = try tx.secrets(of: terms.repository).first(where: { $0.terms == terms })
            else { throw RequestProblem.notFound("secret \(name)") }
            return (row, isNew)
        }
    }

    func remove(_ name: String, of repository: String?, by actor: String) async throws {
        let isGone = try await database.write { tx in
            let id = try Self.repository(repository, tx)
            return try tx.removeSecret(name, of: id, by: actor, at: Date())
        }
        guard isGone else {
            let place = repository.map { "of repository \($0)" } ?? "of the server"
            throw RequestProblem.notFound("secret \(name) \(place)")
        }
    }

    /// Seals every secret with a new key, and then forgets the old ones.
    ///
    /// Wherever it stops, the key file has what every row needs; the next one goes on from there.
    func rewrap(by actor: String) async throws -> SecretKeyMessage {
        let vault = vault
        try vault.keys.renew()
        var count = 0
        while true {
            let done = try await database.write { tx in
                let rows = try tx.secrets(
                    notSealedWith: try vault.keys.current().id,
                    limit: Self.rewrapBatch
                )
                for row in rows { try tx.reseal(try vault.rewrap(row)) }
                return rows.count
            }
            if done == 0 { break }
            count += done
        }
        let current = try vault.keys.current().id
        let used = try await database.write { tx in
            try tx.noteRewrap(current, by: actor, at: Date())
            return try tx.sealKeys()
        }
        try vault.keys.forget(allBut: used)
        return SecretKeyMessage(id: current, secrets: count)
    }

    func deeds(limit: Int, before cursor: Int64?) async throws -> [SecretDeed] {
        try await database.read { try $0.secretDeeds(limit: limit, before: cursor) }
    }

    private static func repository(
        _ name: String?,
        _ tx: any ControlTransaction
    ) throws -> RepositoryID? {
        guard let name else { return nil }
        guard let repository = try tx.repository(named: name) else {
            throw RequestProblem.notFound("repository \(name)")
        }
        return repository.id
    }
}
