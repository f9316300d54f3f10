import Core

/// Which files of a workspace are to be carried.
struct Cargo: Sendable {
    private struct Wish {
        let path: RelativePath
        /// Nil: the path and everything below it.
        let glob: Glob?
    }

    private let wishes: [Wish]
    /// The folders and files in which all of it lies, none below another; `[]` is the workspace.
    let places: [[String]]

    init(_ patterns: [String]) throws(JobRunnerError) {
        var wishes: [Wish] = []
        var roots: [[String]] = []
        for pattern in patterns {
            let path = try RelativePath(pattern)
            let fixed = Array(path.components.prefix { !WorkspaceFiles.isPattern($0) })
            let isWhole = fixed.count == path.components.count
            wishes.append(Wish(path: path, glob: isWhole ? nil : Glob(path.text)))
            roots.append(fixed)
        }
        self.wishes = wishes
        var places: [[String]] = []
        for root in roots.sorted(by: { $0.count < $1.count })
        where !places.contains(where: { root.starts(with: $0) }) {
            places.append(root)
        }
        self.places = places
    }

    /// Whether a path is wanted: a match of any folder above stands for everything in it.
    func holds(_ path: [String]) -> Bool {
        // The repository's own history is no part of what a job made.
        guard let first = path.first, !first.utf8.elementsEqual(".git".utf8) else { return false }
        return wishes.contains { wish in
            guard let glob = wish.glob else { return path.starts(with: wish.path.components) }
            return path.indices.contains { glob.matches(path[...$0].joined(separator: "/")) }
        }
    }
}
