import CLibgit2

/// What merging two commits came to.
package enum MergeResult: Equatable, Sendable {
    /// The commit of the merge, which a ref of ours has yet to hold.
    case merged(String)
    /// The files that both sides changed, by path.
    case conflict([String])
}

extension Mirror {
    /// Merges a commit into another, as a forge would do it.
    ///
    /// The same two commits give the same third one, whenever and however often they are merged.
    package func merge(_ head: String, into target: String) async throws -> MergeResult {
        let sides = (try ObjectID(sha: target), try ObjectID(sha: head))
        return try await read { reader in
            try reader.repository.merge(sides.1, into: sides.0)
        }
    }
}

extension GitRepository {
    private static var conflictsMax: Int { 20 }

    fileprivate func merge(_ head: ObjectID, into target: ObjectID) throws(GitError) -> MergeResult
    {
        let repository = pointer
        let ours = try lookUp(target)
        let theirs = try lookUp(head)
        var options = git_merge_options()
        git_merge_options_init(&options, numericCast(GIT_MERGE_OPTIONS_VERSION))
        let index = try Handle("merge \(head.sha)", free: git_index_free) {
            git_merge_commits(&$0, repository, ours.pointer, theirs.pointer, &options)
        }
        if git_index_has_conflicts(index.pointer) == 1 {
            return .conflict(try conflicts(in: index.pointer))
        }
        var tree = git_oid()
        try check(
            git_index_write_tree_to(&tree, index.pointer, repository),
            "write the merge of \(head.sha)"
        )
        return .merged(try commit(ObjectID(tree), of: head, into: target).sha)
    }

    private func lookUp(_ id: ObjectID) throws(GitError) -> Handle {
        var raw = id.raw
        let repository = pointer
        return try Handle("read the commit \(id.sha)", free: git_commit_free) {
            git_commit_lookup(&$0, repository, &raw)
        }
    }

    private func conflicts(in index: OpaquePointer) throws(GitError) -> [String] {
        let iterator = try Handle("list the conflicts", free: git_index_conflict_iterator_free) {
            git_index_conflict_iterator_new(&$0, index)
        }
        var paths: [String] = []
        var base: UnsafePointer<git_index_entry>?
        var ours: UnsafePointer<git_index_entry>?
        var theirs: UnsafePointer<git_index_entry>?
        while git_index_conflict_next(&base, &ours, &theirs, iterator.pointer) == 0 {
            guard let path = (ours ?? theirs ?? base)?.pointee.path else { continue }
            paths.append(String(decoding: bytes(of: path), as: UTF8.self))
            if paths.count == Self.conflictsMax { break }
        }
        return paths
    }

    /// Nothing in it is of the moment: not who, not when.
    private func commit(
        _ tree: ObjectID,
        of head: ObjectID,
        into target: ObjectID
    ) throws(GitError) -> ObjectID {
        let time = max(
            try commit(head).committer.seconds,
            try commit(target).committer.seconds,
            0
        )
        let person = "Slipway <slipway@localhost> \(time) +0000"
        let text = """
            tree \(tree.sha)
            parent \(target.sha)
            parent \(head.sha)
            author \(person)
            committer \(person)

            Merge \(head.sha.prefix(8)) into \(target.sha.prefix(8))

            """
        var id = git_oid()
        let bytes = Array(text.utf8)
        try check(
            git_odb_write(&id, odb, bytes, bytes.count, GIT_OBJECT_COMMIT),
            "write the merge of \(head.sha)"
        )
        return ObjectID(id)
    }
}
