package import Core

package import struct Foundation.Date

/// A secret as the API shows it: never its value.
package struct SecretMessage: Codable, Sendable, Equatable {
    package var name: String
    /// Nil: every repository of the server.
    package var repository: String?
    /// Empty: every branch and tag.
    package var branches: [String]
    /// Empty: every event but `try`.
    package var events: [Event]
    package var setAt: Date
    package var setBy: String
    /// Nil: no job was given this value yet.
    package var lastUsedAt: Date?
    package var lastUsedBuild: Int64?
    /// Only in the answer to who set it: what speaks against this value.
    package var warning: String?

    package init(
        name: String,
        repository: String?,
        branches: [String],
        events: [Event],
        setAt: Date,
        setBy: String,
        lastUsedAt: Date?,
        lastUsedBuild: Int64?
    ) {
        self.name = name
        self.repository = repository
        self.branches = branches
        self.events = events
        self.setAt = setAt
        self.setBy = setBy
        self.lastUsedAt = lastUsedAt
        self.lastUsedBuild = lastUsedBuild
    }
}

/// Body of `PUT /api/v1/secrets/{name}` and `PUT /api/v1/repositories/{name}/secrets/{name}`.
package struct NewSecretMessage: Codable, Sendable {
    package var value: SecretValue
    /// Nil: every branch and tag.
    package var branches: [String]?
    /// Nil: every event but `try`.
    package var events: [Event]?

    package init(value: SecretValue, branches: [String]? = nil, events: [Event]? = nil) {
        self.value = value
        self.branches = branches
        self.events = events
    }
}

/// Answer of `POST /api/v1/secret-keys`: every secret is sealed with a new key.
package struct SecretKeyMessage: Codable, Sendable {
    package var id: String
    /// How many were sealed anew.
    package var secrets: Int

    package init(id: String, secrets: Int) {
        self.id = id
        self.secrets = secrets
    }
}

/// Something that was done with a secret, as `GET /api/v1/secret-deeds` tells it.
package struct SecretDeedMessage: Codable, Sendable, Equatable {
    package var doneAt: Date
    /// `set`, `removed`, `given`, `refused` or `rewrapped`.
    package var kind: String
    /// Nil: it was done with all of them.
    package var name: String?
    /// Of the secret, or of the build that asked for it; nil: the server's.
    package var repository: String?
    /// The person, or the worker.
    package var actor: String
    package var build: Int64?
    package var job: Int64?
    package var detail: String?

    package init(
        doneAt: Date,
        kind: String,
        name: String?,
        repository: String?,
        actor: String,
        build: Int64?,
        job: Int64?,
        detail: String?
    ) {
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
