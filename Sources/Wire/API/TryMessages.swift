/// Body of `POST /api/v1/repositories/{name}/commits/known`, and its answer: those it has.
package struct CommitsMessage: Codable, Sendable, Equatable {
    package var commits: [String]

    package init(commits: [String]) {
        self.commits = commits
    }

    /// Of one call.
    package static let countMax = 1_000
}

/// Body of `POST /api/v1/repositories/{name}/tries`: builds of a commit that was sent before.
package struct StartTryMessage: Codable, Sendable, Equatable {
    package var sha: String
    /// The branch that is checked out where it comes from; nil: none.
    package var branch: String?
    /// Nil: every pipeline that a push of the branch, or a pull request from it, would start.
    package var pipeline: String?
    package var inputs: [String: String]?

    package init(
        sha: String,
        branch: String?,
        pipeline: String? = nil,
        inputs: [String: String]? = nil
    ) {
        self.sha = sha
        self.branch = branch
        self.pipeline = pipeline
        self.inputs = inputs
    }
}
