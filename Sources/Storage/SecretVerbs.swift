package import Core

package import struct Foundation.Date

/// Secrets, of which this room knows only what they are sealed into.
package protocol SecretVerbs {
    /// All that can be given, by name, the server's before those of repositories.
    func secrets() throws -> [SecretRow]
    /// The same of one repository alone, or of none.
    func secrets(of repository: RepositoryID?) throws -> [SecretRow]
    /// Keeps a secret in the place of the one that has its name and repository.
    ///
    /// True when there was none. Throws ``StorageError/Code/conflict`` when there are too many.
    func keep(_ secret: SealedSecret, by actor: String, at now: Date) throws -> Bool
    /// Gives it to no further attempt; false where there is none.
    func removeSecret(
        _ name: String,
        of repository: RepositoryID?,
        by actor: String,
        at now: Date
    ) throws -> Bool
    /// Those of this name that a build of the repository may be meant to have.
    func secrets(named name: String, for repository: RepositoryID) throws -> [SecretRow]
    /// What an attempt was given, by name; nothing once it has ended.
    func grantedSecrets(to attempt: AttemptID) throws -> [String: SealedSecret]
    /// Gives an attempt a secret until it ends, and notes for which build.
    func grant(_ secret: SecretRow, to attempt: LiveAttempt, at now: Date) throws
    /// Notes that an attempt asked for what it may not have.
    func noteRefusal(
        of name: String,
        to attempt: LiveAttempt,
        because reason: String,
        at now: Date
    ) throws
    /// Some of those that are sealed with another key than this one.
    func secrets(notSealedWith key: String, limit: Int) throws -> [SealedSecret]
    /// Puts the same secret, sealed anew, in its place.
    func reseal(_ secret: SealedSecret) throws
    /// Notes that all of them are sealed anew.
    func noteRewrap(_ key: String, by actor: String, at now: Date) throws
    /// The keys that anything is sealed with.
    func sealKeys() throws -> Set<String>
    /// What was done with secrets, newest first, older than `cursor`.
    func secretDeeds(limit: Int, before cursor: Int64?) throws -> [SecretDeed]
}

/// A secret without its value.
package struct SecretRow: Equatable, Sendable {
    package var id: Int64
    package var terms: SecretTerms
    /// Nil: the server's.
    package var repositoryName: String?
    package var setBy: String
    package var setAt: Date
    package var lastUse: SecretUse?

    package init(
        id: Int64,
        terms: SecretTerms,
        repositoryName: String?,
        setBy: String,
        setAt: Date,
        lastUse: SecretUse? = nil
    ) {
        self.id = id
        self.terms = terms
        self.repositoryName = repositoryName
        self.setBy = setBy
        self.setAt = setAt
        self.lastUse = lastUse
    }
}

/// When a secret was given, and to which build.
package struct SecretUse: Equatable, Sendable {
    package var at: Date
    package var build: BuildID

    package init(at: Date, build: BuildID) {
        self.at = at
        self.build = build
    }
}

/// A secret's value as the database has it: opened only by whoever has the key.
package struct SealedSecret: Equatable, Sendable {
    /// 0 for one that was not kept yet.
    package var id: Int64
    package var terms: SecretTerms
    /// Of the key, which is not in the database.
    package var key: String
    package var sealed: [UInt8]

    package init(id: Int64 = 0, terms: SecretTerms, key: String, sealed: [UInt8]) {
        self.id = id
        self.terms = terms
        self.key = key
        self.sealed = sealed
    }
}

/// Something that was done with a secret.
package struct SecretDeed: Equatable, Sendable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case set
        case removed
        case given
        case refused
        /// All of them, with a new key.
        case rewrapped
    }

    package var id: Int64
    package var doneAt: Date
    package var kind: Kind
    /// Empty where it was done with all of them.
    package var name: String
    /// Of the secret, or of the build that asked for it; nil: the server's.
    package var repository: String?
    /// The person, or the worker.
    package var actor: String
    package var build: BuildID?
    package var job: JobID?
    package var detail: String?

    package init(
        id: Int64 = 0,
        doneAt: Date,
        kind: Kind,
        name: String,
        repository: String? = nil,
        actor: String,
        build: BuildID? = nil,
        job: JobID? = nil,
        detail: String? = nil
    ) {
        self.id = id
        self.doneAt = doneAt
        self.kind = kind
        self.name = name
        self.repository = repository
        self.actor = actor
        self.build = build
        self.job = job
        self.detail = detail
    }
}
