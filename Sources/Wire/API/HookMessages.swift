package import Foundation

/// What a hook is answered: its delivery is stored.
package struct HookAnswerMessage: Codable, Sendable, Equatable {
    /// Of what it told, those that are known already.
    package var builds: [Int64]?
    /// True when the same delivery had come before.
    package var duplicate: Bool?
    /// Why nothing comes of it.
    package var ignored: String?

    package init(builds: [Int64]? = nil, duplicate: Bool? = nil, ignored: String? = nil) {
        self.builds = builds
        self.duplicate = duplicate
        self.ignored = ignored
    }
}

/// Where a repository's forge is to send its deliveries, and how it proves who it is.
package struct HookMessage: Codable, Sendable, Equatable {
    package var repository: String
    /// By forge, such as `github`.
    package var urls: [String: String]
    /// 64 hexadecimal digits: what every forge takes as its secret.
    package var secret: String
    /// The same for GitLab's signing token.
    package var signingToken: String
    package var createdAt: Date
    /// Deliveries that were not proved since the master's start; absent: none.
    package var failures: Int?
    package var lastFailureAt: Date?

    package init(
        repository: String,
        urls: [String: String],
        secret: String,
        signingToken: String,
        createdAt: Date,
        failures: Int? = nil,
        lastFailureAt: Date? = nil
    ) {
        self.repository = repository
        self.urls = urls
        self.secret = secret
        self.signingToken = signingToken
        self.createdAt = createdAt
        self.failures = failures
        self.lastFailureAt = lastFailureAt
    }
}

/// Body of `POST /api/v1/repositories/{name}/hook`.
package struct NewHookMessage: Codable, Sendable {
    /// Whether a new secret replaces the one there is.
    package var renew: Bool?

    package init(renew: Bool? = nil) {
        self.renew = renew
    }
}

/// A delivery of a forge, and what came of it.
package struct DeliveryMessage: Codable, Sendable, Equatable {
    package var id: Int64
    package var forge: String
    package var summary: String
    package var receivedAt: Date
    /// Nil: it was not acted on yet.
    package var outcome: String?

    package init(
        id: Int64,
        forge: String,
        summary: String,
        receivedAt: Date,
        outcome: String?
    ) {
        self.id = id
        self.forge = forge
        self.summary = summary
        self.receivedAt = receivedAt
        self.outcome = outcome
    }
}
