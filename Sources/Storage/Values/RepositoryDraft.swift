/// A repository to be added.
package struct RepositoryDraft: Sendable {
    package var name: String
    package var url: String
    package var defaultBranch: String
    package var pollInterval: Int
    package var pollsPullRequests: Bool

    package init(
        name: String,
        url: String,
        defaultBranch: String,
        pollInterval: Int,
        pollsPullRequests: Bool = false
    ) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
        self.pollsPullRequests = pollsPullRequests
    }
}
