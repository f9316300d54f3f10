import Core
import GRDB

import struct Foundation.Data
import struct Foundation.Date

extension SQLiteTransaction {
    private static let secretsMax = 1_000

    private static let secretRow = """
        SELECT s.id, s.name, s.repository, s.branches, s.events, r.name, s.setBy, s.setAt,
            s.lastUsedAt, s.lastUsedBuild
        FROM secret s LEFT JOIN repository r ON r.id = s.repository
        """

    private static let sealedSecret =
        "SELECT s.id, s.name, s.repository, s.branches, s.events, s.sealKey, s.sealed FROM secret s"

    func secrets() throws -> [SecretRow] {
        try db.all(
            "\(Self.secretRow) WHERE s.isRetired = 0 ORDER BY s.name, s.repository",
            [],
            SecretRow.init
        )
    }

    func secrets(of repository: RepositoryID?) throws -> [SecretRow] {
        try db.all(
            "\(Self.secretRow) WHERE s.isRetired = 0 AND s.repository IS ? ORDER BY s.name",
            [repository?.rawValue],
            SecretRow.init
        )
    }

    func secrets(named name: String, for repository: RepositoryID) throws -> [SecretRow] {
        try db.all(
            """
            \(Self.secretRow) WHERE s.name = ? AND s.isRetired = 0
                AND coalesce(s.repository, 0) IN (0, ?)
            ORDER BY s.repository
            """,
            [name, repository.rawValue],
            SecretRow.init
        )
    }

    func keep(_ secret: SealedSecret, by actor: String, at now: Date) throws -> Bool {
        let terms = secret.terms
        return try atomically {
            let isNew = try !retireSecret(terms.name, of: terms.repository)
            let known = try db.first("SELECT count(*) FROM secret WHERE isRetired = 0") {
                $0[0] as Int
            }
            guard (known ?? 0) < Self.secretsMax else {
                throw StorageError(
                    .conflict,
                    "There are \(Self.secretsMax) secrets already: remove some of them first."
                )
            }
            try db.run(
                """
                INSERT INTO secret (name, repository, branches, events, sealKey, sealed, setBy, setAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    terms.name, terms.repository?.rawValue, try Text.of(list: terms.branches),
                    try Text.of(list: terms.events.map(\.rawValue)), secret.key,
                    Data(secret.sealed), actor, now.milliseconds,
                ]
            )
            try noteDeed(.set, of: terms, by: actor, at: now)
            return isNew
        }
    }

    func removeSecret(
        _ name: String,
        of repository: RepositoryID?,
        by actor: String,
        at now: Date
    ) throws -> Bool {
        try atomically {
            guard try retireSecret(name, of: repository) else { return false }
            let terms = SecretTerms(name: name, repository: repository)
            try noteDeed(.removed, of: terms, by: actor, at: now)
            return true
        }
    }

    private func retireSecret(_ name: String, of repository: RepositoryID?) throws -> Bool {
        try db.change(
            """
            UPDATE secret SET isRetired = 1
            WHERE name = ? AND coalesce(repository, 0) = ? AND isRetired = 0
            """,
            [name, repository?.rawValue ?? 0]
        ) == 1
    }

    func grantedSecrets(to attempt: AttemptID) throws -> [String: SealedSecret] {
        let granted = try db.all(
            "\(Self.sealedSecret) JOIN secretGrant g ON g.secret = s.id WHERE g.attempt = ?",
            [attempt.rawValue],
            SealedSecret.init
        )
        return Dictionary(
            granted.map { ($0.terms.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func grant(_ secret: SecretRow, to attempt: LiveAttempt, at now: Date) throws {
        try atomically {
            try db.run(
                "INSERT INTO secretGrant (attempt, name, secret) VALUES (?, ?, ?)",
                [attempt.attempt.id.rawValue, secret.terms.name, secret.id]
            )
            try db.run(
                "UPDATE secret SET lastUsedAt = ?, lastUsedBuild = ? WHERE id = ?",
                [now.milliseconds, attempt.build.id.rawValue, secret.id]
            )
            try note(SecretDeed(.given, of: secret.terms.name, to: attempt, at: now))
        }
    }

    func noteRefusal(
        of name: String,
        to attempt: LiveAttempt,
        because reason: String,
        at now: Date
    ) throws {
        var deed = SecretDeed(.refused, of: name, to: attempt, at: now)
        deed.detail = reason
        try note(deed)
    }

    func secrets(notSealedWith key: String, limit: Int) throws -> [SealedSecret] {
        try db.all(
            "\(Self.sealedSecret) WHERE s.sealKey <> ? ORDER BY s.id LIMIT ?",
            [key, limit],
            SealedSecret.init
        )
    }

    func reseal(_ secret: SealedSecret) throws {
        try db.run(
            "UPDATE secret SET sealKey = ?, sealed = ? WHERE id = ?",
            [secret.key, Data(secret.sealed), secret.id]
        )
    }

    func sealKeys() throws -> Set<String> {
        Set(try db.all("SELECT DISTINCT sealKey FROM secret") { $0[0] as String })
    }
}

extension SecretTerms {
    /// From five columns: id, name, repository, branches, events.
    fileprivate init(_ row: Row) throws {
        self.init(
            name: row[1],
            repository: (row[2] as Int64?).map { RepositoryID($0) },
            branches: try Text.list(in: row[3]),
            events: try Text.list(in: row[4]).map { word in
                guard let event = Event(rawValue: word) else {
                    // One that is not understood must not be taken for one that allows all.
                    throw StorageError(.corrupt, "A secret is for the unknown event \(word).")
                }
                return event
            }
        )
    }
}

extension SecretRow {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: row[0],
            terms: try SecretTerms(row),
            repositoryName: row[5],
            setBy: row[6],
            setAt: Date(milliseconds: row[7]),
            lastUse: row.date(8).map { SecretUse(at: $0, build: BuildID(row[9])) }
        )
    }
}

extension SealedSecret {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: row[0],
            terms: try SecretTerms(row),
            key: row[5],
            sealed: Array(row[6] as Data)
        )
    }
}

extension SecretDeed {
    fileprivate init(_ kind: Kind, of name: String, to attempt: LiveAttempt, at now: Date) {
        self.init(
            doneAt: now,
            kind: kind,
            name: name,
            repository: attempt.build.repositoryName,
            actor: attempt.attempt.worker,
            build: attempt.build.id,
            job: attempt.attempt.job
        )
    }
}
