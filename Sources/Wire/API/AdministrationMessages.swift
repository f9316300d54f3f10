package import Core

package import struct Foundation.Date

/// A worker as the API shows it.
package struct WorkerMessage: Codable, Sendable {
    package enum State: String, Codable, Sendable {
        case online
        case paused
        case draining
        case away
    }

    package var name: String
    package var state: State
    package var labels: [String]
    package var slots: Int
    package var running: [Int64]
    package var version: String
    package var lastSeenAt: Date

    package init(
        name: String,
        state: State,
        labels: [String],
        slots: Int,
        running: [Int64],
        version: String,
        lastSeenAt: Date
    ) {
        self.name = name
        self.state = state
        self.labels = labels
        self.slots = slots
        self.running = running
        self.version = version
        self.lastSeenAt = lastSeenAt
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

    package init(
        id: String,
        name: String,
        kind: TokenKind,
        createdAt: Date,
        lastUsedAt: Date?,
        token: String? = nil
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.token = token
    }
}

/// Body of `POST /api/v1/tokens`.
package struct NewTokenMessage: Codable, Sendable {
    package var name: String
    package var kind: TokenKind

    package init(name: String, kind: TokenKind) {
        self.name = name
        self.kind = kind
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
