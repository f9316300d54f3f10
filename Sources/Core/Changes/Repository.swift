package import struct Foundation.Date

/// A Git repository that the master reads.
package struct Repository: Equatable, Sendable {
    package var id: RepositoryID
    /// Unique and valid as a ``Name``.
    package var name: String
    /// A local path, `file://`, `https://` or `ssh://`.
    package var url: String
    package var defaultBranch: String
    /// Seconds between two polls.
    package var pollInterval: Int
    package var createdAt: Date
    /// False until the first fetch succeeded: what is there already then starts no build.
    package var isBaselined: Bool
    package var fetchedAt: Date?
    /// Why the last fetch failed; nil after one that worked.
    package var fetchError: String?

    package init(
        id: RepositoryID,
        name: String,
        url: String,
        defaultBranch: String,
        pollInterval: Int = 60,
        createdAt: Date,
        isBaselined: Bool = false,
        fetchedAt: Date? = nil,
        fetchError: String? = nil
    ) {
        self.id = id
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
        self.createdAt = createdAt
        self.isBaselined = isBaselined
        self.fetchedAt = fetchedAt
        self.fetchError = fetchError
    }
}
