/// The files that differ between two commits.
package struct ChangedPaths: Equatable, Sendable {
    /// Whole paths in the order of their bytes; bytes that are not UTF-8 are replaced.
    package var paths: [String]
    /// Whether there are more than were asked for.
    package var isTruncated: Bool

    package init(paths: [String], isTruncated: Bool) {
        self.paths = paths
        self.isTruncated = isTruncated
    }
}

/// Finds the paths that differ between two trees, reading only the folders that differ.
struct TreeComparison {
    private let countMax: Int
    private var found: [[UInt8]] = []
    private var isTruncated = false

    private init(countMax: Int) {
        self.countMax = countMax
    }

    /// A missing tree is an empty one.
    static func paths(
        from old: ObjectID?,
        to new: ObjectID?,
        in repository: borrowing GitRepository,
        countMax: Int
    ) throws(GitError) -> ChangedPaths {
        var comparison = TreeComparison(countMax: countMax)
        try comparison.compare(old, new, below: [], depth: 0, in: repository)
        let paths = comparison.found.sorted { $0.lexicographicallyPrecedes($1) }
        return ChangedPaths(
            paths: paths.map { String(decoding: $0, as: UTF8.self) },
            isTruncated: comparison.isTruncated
        )
    }

    private mutating func compare(
        _ old: ObjectID?,
        _ new: ObjectID?,
        below folder: [UInt8],
        depth: Int,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        guard old != new, !isTruncated else { return }
        try requireSaneDepth(depth)
        let before = try old.entries(in: repository)
        let after = try new.entries(in: repository)
        let known = Dictionary(
            before.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for entry in after where known[entry.name] != entry {
            try note(from: known[entry.name], to: entry, below: folder, depth, in: repository)
        }
        let names = Set(after.map(\.name))
        for entry in before where !names.contains(entry.name) {
            try note(from: entry, to: nil, below: folder, depth, in: repository)
        }
    }

    private mutating func note(
        from old: TreeObject.Entry?,
        to new: TreeObject.Entry?,
        below folder: [UInt8],
        _ depth: Int,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        guard let name = new?.name ?? old?.name else { return }
        let path = folder.isEmpty ? Array(name) : folder + [UInt8(ascii: "/")] + name
        if old?.isLeaf == true || new?.isLeaf == true {
            guard found.count < countMax else {
                isTruncated = true
                return
            }
            found.append(path)
        }
        try compare(old?.folder, new?.folder, below: path, depth: depth + 1, in: repository)
    }
}

extension TreeObject.Entry {
    /// The tree that the entry names, where it is a folder.
    var folder: ObjectID? { mode == .folder ? id : nil }

    fileprivate var isLeaf: Bool { mode != .folder }
}

extension ObjectID? {
    fileprivate func entries(
        in repository: borrowing GitRepository
    ) throws(GitError) -> [TreeObject.Entry] {
        guard let id = self else { return [] }
        return try repository.tree(id).entries
    }
}

/// Refuses a tree that only an attacker nests so deeply.
func requireSaneDepth(_ depth: Int) throws(GitError) {
    let depthMax = 256
    if depth > depthMax {
        throw GitError(.tooLarge, "a tree has more than \(depthMax) folders inside each other")
    }
}
