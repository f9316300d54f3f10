import Core
import Crypto
import Foundation
import HTTPTypes
import Storage

/// Seals secrets for the database, and opens them for the jobs that may have them.
struct SecretVault: Sendable {
    let keys: SecretKeys

    /// Seals a value so that it opens only with the terms it was set with.
    func seal(_ value: SecretValue, for terms: SecretTerms) throws -> SealedSecret {
        let (id, key) = try keys.current()
        let box = try AES.GCM.seal(
            Data(value.revealed.utf8),
            using: key,
            authenticating: Self.witness(of: terms)
        )
        guard let sealed = box.combined else {
            throw RequestProblem(.internalServerError, "A secret cannot be sealed.")
        }
        return SealedSecret(terms: terms, key: id, sealed: Array(sealed))
    }

    func open(_ secret: SealedSecret) throws -> SecretValue {
        let name = secret.terms.name
        guard let key = try keys.key(secret.key) else {
            throw RequestProblem(
                .unprocessableContent,
                "the secret \(name) cannot be opened: the server's file secret-key lacks the key "
                    + "\(secret.key); restore that file, or set the secret again"
            )
        }
        do {
            let text = try AES.GCM.open(
                AES.GCM.SealedBox(combined: secret.sealed),
                using: key,
                authenticating: Self.witness(of: secret.terms)
            )
            return SecretValue(String(decoding: text, as: UTF8.self))
        } catch is CryptoKitError {
            throw RequestProblem(
                .unprocessableContent,
                "the secret \(name) cannot be opened: its row in the database was changed by "
                    + "somebody else than the server; set the secret again"
            )
        }
    }

    /// The same secret under the current key.
    func rewrap(_ secret: SealedSecret) throws -> SealedSecret {
        var anew = try seal(open(secret), for: secret.terms)
        anew.id = secret.id
        return anew
    }

    /// What the seal vouches for beside the value: nobody makes a secret of `main` one of every
    /// branch, or one repository's another's, with a pen in the database.
    private static func witness(of terms: SecretTerms) -> Data {
        let parts =
            ["slipway secret 1", terms.name, terms.repository.map { "\($0.rawValue)" } ?? "server"]
            + ["\(terms.branches.count)"] + terms.branches + terms.events.map(\.rawValue)
        // No part holds a NUL: names and patterns have no control characters.
        return Data(parts.joined(separator: "\0").utf8)
    }
}
