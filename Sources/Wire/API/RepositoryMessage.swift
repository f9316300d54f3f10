package import struct Foundation.Date

/// A repository as the API shows it.
package struct RepositoryMessage: Codable, Sendable, Equatable {
    package var name: String
    package var url: String
    package var defaultBranch: String
    /// Seconds.
    package var pollInterval: Int
    package var fetchedAt: Date?
    package var fetchError: String?
    package var createdAt: Date

    package init(
        name: String,
        url: String,
        defaultBranch: String,
        pollInterval: Int,
        fetchedAt: Date?,
        fetchError: String?,
        createdAt: Date
    ) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
        self.fetchedAt = fetchedAt
        self.fetchError = fetchError
        self.createdAt = createdAt
    }
}

/// Body of `POST /api/v1/repositories`.
package struct NewRepositoryMessage: Codable, Sendable {
    package var name: String
    package var url: String
    /// Nil: `main`.
    package var defaultBranch: String?
    /// Seconds; nil: 60.
    package var pollInterval: Int?

    package init(name: String, url: String, defaultBranch: String?, pollInterval: Int? = nil) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
    }
}
