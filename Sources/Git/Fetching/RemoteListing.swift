/// What a remote says it has.
struct RemoteListing: Equatable, Sendable {
    /// Branches and tags with valid names.
    var refs: [StoredRef]
    /// The full name of the branch that its `HEAD` names.
    var headBranch: [UInt8]?

    /// The part of the listing that a mirror keeps: names that Git itself would refuse stay out.
    init(refs: [StoredRef], headBranch: [UInt8]?) {
        self.refs = refs.filter { $0.name.isRefName && Self.isOurs($0.name) }
        self.headBranch = headBranch
    }

    private static func isOurs(_ name: [UInt8]) -> Bool {
        name.starts(with: "refs/heads/".utf8) || name.starts(with: "refs/tags/".utf8)
    }
}
