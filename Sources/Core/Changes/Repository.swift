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
    /// Whether pull requests are found by looking, too, and not only by what hooks deliver.
    package var pollsPullRequests: Bool
    package var createdAt: Date
    /// False until the first fetch succeeded: what is there already then starts no build.
    package var isBaselined: Bool
    package var fetchedAt: Date?
    /// Why the last fetch failed; nil after one that worked.
    package var fetchError: String?

    /// The URL as people, pages and steps see it: without what signs in to an HTTPS server.
    package var shownURL: String { Self.shown(url: url) }

    /// The same of any URL.
    ///
    /// A user's name of an SSH server signs nobody in, and stays.
    package static func shown(url: String) -> String {
        for scheme in ["https://", "http://"] where url.utf8.starts(with: scheme.utf8) {
            let rest = url.utf8.dropFirst(scheme.utf8.count)
            let host = rest.prefix { $0 != UInt8(ascii: "/") }
            guard let at = host.lastIndex(of: UInt8(ascii: "@")) else { return url }
            return scheme + String(decoding: rest[rest.index(after: at)...], as: UTF8.self)
        }
        return url
    }

    package init(
        id: RepositoryID,
        name: String,
        url: String,
        defaultBranch: String,
        pollInterval: Int = 60,
        pollsPullRequests: Bool = false,
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
        self.pollsPullRequests = pollsPullRequests
        self.createdAt = createdAt
        self.isBaselined = isBaselined
        self.fetchedAt = fetchedAt
        self.fetchError = fetchError
    }
}
