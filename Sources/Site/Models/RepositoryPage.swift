package import struct Foundation.Date

/// One repository: its builds, its branches, and the form that starts a build.
package struct RepositoryPage: Equatable, Sendable {
    package var name: String
    package var url: String
    package var defaultBranch: String
    /// Seconds between two polls.
    package var pollInterval: Int
    /// Whether pull requests are found by looking, too.
    package var pollsPullRequests: Bool
    package var fetchedAt: Date?
    /// Why the last fetch failed; nil after one that worked.
    package var fetchError: String?
    /// The unit its builds publish to.
    package var unit: String?
    /// Newest first, one page of them.
    package var builds: [BuildGlance]
    /// The full ref the list is limited to.
    package var ref: String?
    /// Whether newer builds than the first shown exist.
    package var isFirstPage: Bool
    /// The cursor of the next older page.
    package var nextCursor: String?
    /// The default branch first, then newest first.
    package var branches: [BranchRow]
    /// Branches that are not listed.
    package var branchesOmitted: Int
    /// What forges told last, newest first; the first few.
    package var deliveries: [DeliveryRow] = []
    /// The next first.
    package var schedules: [ScheduleLine]
    /// Of the pipelines that ask a person for inputs.
    package var manualForms: [ManualForm]

    package init(
        name: String,
        url: String,
        defaultBranch: String,
        pollInterval: Int,
        pollsPullRequests: Bool = false,
        fetchedAt: Date? = nil,
        fetchError: String? = nil,
        unit: String? = nil,
        builds: [BuildGlance],
        ref: String? = nil,
        isFirstPage: Bool = true,
        nextCursor: String? = nil,
        branches: [BranchRow] = [],
        branchesOmitted: Int = 0,
        schedules: [ScheduleLine] = [],
        manualForms: [ManualForm] = []
    ) {
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.pollInterval = pollInterval
        self.pollsPullRequests = pollsPullRequests
        self.fetchedAt = fetchedAt
        self.fetchError = fetchError
        self.unit = unit
        self.builds = builds
        self.ref = ref
        self.isFirstPage = isFirstPage
        self.nextCursor = nextCursor
        self.branches = branches
        self.branchesOmitted = branchesOmitted
        self.schedules = schedules
        self.manualForms = manualForms
    }
}

/// Something a forge told, and what came of it.
package struct DeliveryRow: Equatable, Sendable {
    /// As the forge calls itself.
    package var forge: String
    package var summary: String
    /// Nil: it was not acted on yet.
    package var outcome: String?
    package var receivedAt: Date

    package init(forge: String, summary: String, outcome: String?, receivedAt: Date) {
        self.forge = forge
        self.summary = summary
        self.outcome = outcome
        self.receivedAt = receivedAt
    }
}

/// A branch and how its newest build stands.
package struct BranchRow: Equatable, Sendable {
    /// The short name.
    package var name: String
    package var sha: String
    /// Nil where the branch was never built.
    package var newest: BuildGlance?

    package init(
        name: String,
        sha: String,
        newest: BuildGlance? = nil
    ) {
        self.name = name
        self.sha = sha
        self.newest = newest
    }
}
