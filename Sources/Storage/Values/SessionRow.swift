package import struct Foundation.Date

/// A signed-in browser.
package struct SessionRow: Sendable, Equatable {
    /// Lower-case hexadecimal SHA-256 of the cookie.
    package var digest: String
    package var person: String
    /// One of Wire's token kinds, as text.
    package var kind: String
    /// The token that forms must carry.
    package var csrf: String
    package var expiresAt: Date
    /// As the token had them that the person signed in with.
    package var teams: [String]

    package init(
        digest: String,
        person: String,
        kind: String,
        csrf: String,
        expiresAt: Date,
        teams: [String] = []
    ) {
        self.digest = digest
        self.person = person
        self.kind = kind
        self.csrf = csrf
        self.expiresAt = expiresAt
        self.teams = teams
    }
}
