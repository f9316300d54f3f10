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
    /// Whether pull requests are found without a hook, too; absent: no.
    package var pullRequests: Bool?

    package init(
        name: String,
        url: String,
        defaultBranch: String,
        pollInterval: Int,
        fetchedAt: Date?,
        fetchError: String?,
        createdAt: Date,
        pullRequests: Bool? = nil
    ) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
        self.fetchedAt = fetchedAt
        self.fetchError = fetchError
        self.createdAt = createdAt
        self.pullRequests = pullRequests
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
    /// Whether pull requests are to be found without a hook, too; nil: no.
    package var pullRequests: Bool?

    package init(
        name: String,
        url: String,
        defaultBranch: String?,
        pollInterval: Int? = nil,
        pullRequests: Bool? = nil
    ) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
        self.pullRequests = pullRequests
    }
}
