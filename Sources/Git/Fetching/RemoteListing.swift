import CLibgit2

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

extension GitRepository {
    /// Makes the branches and tags of a mirror those of the listing.
    func adopt(_ listing: RemoteListing) throws(GitError) {
        let wanted = Dictionary(
            listing.refs.map { ($0.name, $0.target) },
            uniquingKeysWith: { first, _ in first }
        )
        let present = try storedRefs()
        // First what goes: `a` must be gone before `a/b` can come.
        for ref in present where wanted[ref.name] == nil { try removeRef(ref.name) }
        let known = Dictionary(
            present.map { ($0.name, $0.target) },
            uniquingKeysWith: { first, _ in first }
        )
        var movedCount = 0
        for ref in listing.refs where known[ref.name] != ref.target {
            try setRef(ref.name, to: ref.target)
            movedCount += 1
        }
        if let branch = listing.headBranch, branch != headBranch {
            git_repository_set_head(pointer, branch.cString)
        }
        if movedCount > Self.looseRefsMax { try packRefs() }
    }

    /// Moves loose refs into one file, for each of them costs a read on every look.
    private func packRefs() throws(GitError) {
        let repository = pointer
        let database = try Handle("pack the refs", free: git_refdb_free) {
            git_repository_refdb(&$0, repository)
        }
        try check(git_refdb_compress(database.pointer), "pack the refs")
    }

    private static var looseRefsMax: Int { 100 }
}
