/// A repository to be added.
package struct RepositoryDraft: Sendable {
    package var name: String
    package var url: String
    package var defaultBranch: String
    package var pollInterval: Int

    package init(name: String, url: String, defaultBranch: String, pollInterval: Int) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
    }
}
