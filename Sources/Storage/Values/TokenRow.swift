package import struct Foundation.Date

/// A token; its secret is kept only as a digest.
package struct TokenRow: Sendable, Equatable {
    /// The public part, which is also in the token's text.
    package var id: String
    package var name: String
    /// One of Wire's kinds, as text.
    package var kind: String
    /// Lower-case hexadecimal SHA-256 of the secret part.
    package var digest: String
    package var createdAt: Date
    package var lastUsedAt: Date?
    /// Whose gates its holder may open.
    package var teams: [String]

    package init(
        id: String,
        name: String,
        kind: String,
        digest: String,
        createdAt: Date,
        lastUsedAt: Date? = nil,
        teams: [String] = []
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.digest = digest
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.teams = teams
    }
}
