import CLibgit2

/// One entry of a folder in a commit.
package struct FolderEntry: Equatable, Sendable {
    /// What an entry is.
    package enum Kind: String, Sendable, CaseIterable {
        case file
        case executable
        case link
        case folder
        case submodule
    }

    /// Bytes that are not UTF-8 are replaced.
    package var name: String
    package var kind: Kind
    /// The object's name: equal names are equal content.
    package var id: String
}

extension MirrorReader {
    /// The content of a file of a commit; nil where no file is at that path.
    ///
    /// A symbolic link gives its target's path.
    package func file(
        at path: String,
        of sha: String,
        bytesMax: Int = 1 << 20
    ) throws(GitError) -> [UInt8]? {
        guard let entry = try entry(at: path, of: sha), entry.mode.isContent else { return nil }
        let size = try repository.header(of: entry.id).size
        guard size <= bytesMax else {
            throw GitError(.tooLarge, "\(path) has \(size) bytes, allowed are \(bytesMax)")
        }
        return try repository.content(of: entry.id, kind: GIT_OBJECT_BLOB)
    }

    /// The entries of a folder of a commit, `""` being the root; nil where there is no folder.
    package func folder(at path: String, of sha: String) throws(GitError) -> [FolderEntry]? {
        guard let tree = try folderID(at: path, of: sha) else { return nil }
        return try repository.tree(tree).entries.map { entry in
            FolderEntry(
                name: String(decoding: entry.name, as: UTF8.self),
                kind: entry.mode.kind,
                id: entry.id.sha
            )
        }
    }

    /// The name of the tree at a path of a commit: equal names are equal content.
    package func treeID(at path: String, of sha: String) throws(GitError) -> String? {
        try folderID(at: path, of: sha)?.sha
    }

    /// The files that differ between two commits; without an old one, all files of the new.
    ///
    /// For a branch that is new, the old commit is its merge base with the default branch.
    package func changedPaths(
        from old: String?,
        to new: String,
        countMax: Int = 1000
    ) throws(GitError) -> ChangedPaths {
        try TreeComparison.paths(
            from: old.map { sha throws(GitError) in try repository.commit(ObjectID(sha: sha)).tree
            },
            to: repository.commit(ObjectID(sha: new)).tree,
            in: repository,
            countMax: countMax
        )
    }

    private func folderID(at path: String, of sha: String) throws(GitError) -> ObjectID? {
        guard !path.utf8.isEmpty else { return try repository.commit(ObjectID(sha: sha)).tree }
        return try entry(at: path, of: sha)?.folder
    }

    private func entry(at path: String, of sha: String) throws(GitError) -> TreeObject.Entry? {
        var tree: ObjectID? = try repository.commit(ObjectID(sha: sha)).tree
        var found: TreeObject.Entry?
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let folder = tree else { return nil }
            found = try repository.tree(folder).entry(named: part)
            tree = found?.folder
            if found == nil { return nil }
        }
        return found
    }
}

extension TreeMode {
    fileprivate var isContent: Bool {
        switch self {
        case .file, .executable, .link: true
        case .folder, .submodule: false
        }
    }

    fileprivate var kind: FolderEntry.Kind {
        switch self {
        case .file: .file
        case .executable: .executable
        case .link: .link
        case .folder: .folder
        case .submodule: .submodule
        }
    }
}
