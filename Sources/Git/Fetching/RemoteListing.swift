import Core

/// What a remote says it has.
struct RemoteListing: Equatable, Sendable {
    /// Branches and tags with valid names.
    var refs: [StoredRef]
    /// The full name of the branch that its `HEAD` names.
    var headBranch: [UInt8]?
    /// What forges keep of pull requests; only where that was asked for.
    var pullRequests: [StoredRef]

    /// The part of the listing that a mirror keeps: names that Git itself would refuse stay out.
    init(refs: [StoredRef], headBranch: [UInt8]?, withPullRequests: Bool) {
        self.refs = refs.filter { $0.name.isRefName && Self.isOurs($0.name) }
        self.headBranch = headBranch
        pullRequests =
            withPullRequests
            ? refs.filter { !Self.isOurs($0.name) && PullRequestRef($0.text) != nil } : []
    }

    private static func isOurs(_ name: [UInt8]) -> Bool {
        name.starts(with: "refs/heads/".utf8) || name.starts(with: "refs/tags/".utf8)
    }
}
