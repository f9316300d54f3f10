package import Core

package import struct Foundation.Date

/// A worker as the API shows it.
package struct WorkerMessage: Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case online
        case paused
        case draining
        case away
        /// Left alone for a while, because its machinery failed again and again.
        case quarantined
        /// Takes no jobs, and says itself why.
        case troubled
    }

    package var name: String
    package var state: State
    package var labels: [String]
    package var slots: Int
    package var running: [Int64]
    package var version: String
    package var lastSeenAt: Date
    /// Why it gets no jobs, where its state needs words.
    package var trouble: String?
    package var quarantinedUntil: Date?

    package init(
        name: String,
        state: State,
        labels: [String],
        slots: Int,
        running: [Int64],
        version: String,
        lastSeenAt: Date,
        trouble: String? = nil,
        quarantinedUntil: Date? = nil
    ) {
        self.name = name
        self.state = state
        self.labels = labels
        self.slots = slots
        self.running = running
        self.version = version
        self.lastSeenAt = lastSeenAt
        self.trouble = trouble
        self.quarantinedUntil = quarantinedUntil
    }
}

/// What a token may do.
package typealias TokenKind = Role

/// A token as the API shows it; the secret itself only in the answer that made it.
package struct TokenMessage: Codable, Sendable {
    package var id: String
    package var name: String
    package var kind: TokenKind
    package var createdAt: Date
    package var lastUsedAt: Date?
    /// Only in the answer to its creation.
    package var token: String?
    /// Whose gates its holder may open; nil: of no team.
    package var teams: [String]?

    package init(
        id: String,
        name: String,
        kind: TokenKind,
        createdAt: Date,
        lastUsedAt: Date?,
        token: String? = nil,
        teams: [String]? = nil
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.token = token
        self.teams = teams
    }
}

/// Body of `POST /api/v1/tokens`.
package struct NewTokenMessage: Codable, Sendable {
    package var name: String
    package var kind: TokenKind
    /// Whose gates its holder may open; nil: of no team.
    package var teams: [String]?

    package init(name: String, kind: TokenKind, teams: [String]? = nil) {
        self.name = name
        self.kind = kind
        self.teams = teams
    }
}

/// Answer of `GET /version`.
package struct VersionMessage: Codable, Sendable {
    package var version: String
    /// Of the worker protocol.
    package var `protocol`: Int

    package init(version: String, protocol: Int) {
        self.version = version
        self.protocol = `protocol`
    }
}
