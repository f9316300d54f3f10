import CLibgit2

extension MirrorReader {
    /// The submodules right in a commit, in the order of its files.
    ///
    /// Left out are those that `update = none` keeps from a clone, too.
    package func submodules(of sha: String) throws -> [SubmoduleLink] {
        let tree = try repository.commit(ObjectID(sha: sha)).tree
        var search = SubmoduleSearch()
        try search.look(in: tree, at: [], depth: 0, in: repository)
        guard !search.found.isEmpty else { return [] }
        let file = try modulesFile(in: tree)
        let links = try search.found.compactMap { path, id in
            try link(at: path, to: id, in: file)
        }
        guard links.count <= SubmoduleTree.countMax else { throw SubmoduleTree.tooMany }
        try SubmoduleNaming.checkApart(links.map { (path: $0.path, name: $0.name) })
        return links
    }

    private func modulesFile(in tree: ObjectID) throws -> ModulesFile {
        guard let entry = try repository.tree(tree).entry(named: ".gitmodules".utf8) else {
            throw SubmoduleError(
                .refused,
                "the commit has submodules and no .gitmodules that says where they come from"
            )
        }
        guard entry.mode == .file || entry.mode == .executable else {
            throw SubmoduleError(.refused, ".gitmodules is no plain file")
        }
        guard try repository.header(of: entry.id).size <= ModulesFile.byteCountMax else {
            throw SubmoduleError(
                .refused,
                ".gitmodules has more than \(ModulesFile.byteCountMax) bytes"
            )
        }
        return try ModulesFile(
            parsing: repository.content(of: entry.id, kind: GIT_OBJECT_BLOB)
        )
    }

    private func link(
        at path: [UInt8],
        to id: ObjectID,
        in file: ModulesFile
    ) throws(SubmoduleError) -> SubmoduleLink? {
        let shown = SubmoduleNaming.shown(String(decoding: path, as: UTF8.self))
        let entries = file.entries.filter { $0.path == path }
        guard let entry = entries.first, entries.count == 1 else {
            throw SubmoduleError(
                .refused,
                "the submodule '\(shown)' has \(entries.isEmpty ? "no" : "more than one") entry "
                    + "in .gitmodules; 'git submodule add' and 'git rm' keep both together"
            )
        }
        if entry.update.map({ $0.elementsEqual("none".utf8) }) ?? false { return nil }
        if entry.update?.first == UInt8(ascii: "!") {
            throw SubmoduleError(
                .refused,
                "the submodule '\(shown)' names a command to run as 'update' in .gitmodules"
            )
        }
        guard let path = String(validating: path, as: UTF8.self),
            let name = String(validating: entry.name, as: UTF8.self),
            let url = entry.url.map({ String(validating: $0, as: UTF8.self) }) ?? nil
        else {
            throw SubmoduleError(
                .refused,
                entry.url == nil
                    ? "the submodule '\(shown)' has no url in .gitmodules"
                    : "the submodule '\(shown)' has a path, name or url that is not UTF-8"
            )
        }
        try SubmoduleNaming.check(path: path)
        try SubmoduleNaming.check(name: name, at: path)
        return SubmoduleLink(path: path, name: name, url: url, sha: id.sha)
    }
}

/// Finds the entries of a tree that are commits of other repositories.
private struct SubmoduleSearch {
    /// With those that a job leaves out.
    private static let countMax = 1_000

    private(set) var found: [(path: [UInt8], id: ObjectID)] = []
    /// Folders that hold none: a tree that has one folder many times is walked once.
    private var barren: Set<ObjectID> = []

    mutating func look(
        in tree: ObjectID,
        at folder: [UInt8],
        depth: Int,
        in repository: borrowing GitRepository
    ) throws {
        guard !barren.contains(tree) else { return }
        try requireSaneDepth(depth)
        let before = found.count
        for entry in try repository.tree(tree).entries {
            let path = folder + entry.name
            switch entry.mode {
            case .file, .executable, .link: break
            case .folder:
                try look(in: entry.id, at: path + [0x2F], depth: depth + 1, in: repository)
            case .submodule:
                guard found.count < Self.countMax else { throw SubmoduleTree.tooMany }
                found.append((path, entry.id))
            }
        }
        if found.count == before { barren.insert(tree) }
    }
}
