/// Gathers the objects that someone lacks who has certain commits already.
///
/// Trees are compared with those of parent commits, so that only folders that differ are read:
/// the cost of a small push does not grow with the size of the repository.
struct ObjectCollector {
    /// An object to send, and a name that helps to find its like.
    struct Item {
        var id: ObjectID
        var name: ArraySlice<UInt8>
    }

    private(set) var items: [Item] = []
    private var seen: Set<ObjectID> = []
    private let gauge: (Int) throws(GitError) -> Void

    /// `gauge` gets the count now and then, and may throw to end the gathering.
    init(gauge: @escaping (Int) throws(GitError) -> Void) {
        self.gauge = gauge
    }

    /// Adds the commits of a window that are not known, with the trees and files they need.
    ///
    /// Parents come before their children, so that whatever is left out because a parent has it
    /// is there already. (The other way round a change and its revert leave it out for each other.)
    /// `isKnown` must hold for commits whose trees the receiver has whole. `fallback` is a
    /// commit the receiver has, for windows that share no history with what is known.
    mutating func add(
        _ window: CommitWindow,
        in repository: borrowing GitRepository,
        isKnown: (ObjectID) -> Bool,
        fallback: ObjectID? = nil
    ) throws(GitError) {
        for id in window.order where !isKnown(id) {
            guard let node = window.nodes[id] else { continue }
            try add(id, named: [], in: repository)
            var bases = node.parents.filter { window.contains($0) || isKnown($0) }
            if bases.isEmpty, let fallback { bases = [fallback] }
            let known = try bases.map { base throws(GitError) in
                if let node = window.nodes[base] { return node.tree }
                return try repository.commit(base).tree
            }
            try add(tree: node.tree, named: [], besides: known, depth: 0, in: repository)
        }
    }

    /// Adds one object, such as an annotated tag.
    mutating func add(
        _ id: ObjectID,
        named name: ArraySlice<UInt8>,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        guard seen.insert(id).inserted else { return }
        try repository.requireWhole(id)
        items.append(Item(id: id, name: name))
        try gauge(items.count)
    }

    private mutating func add(
        tree id: ObjectID,
        named name: ArraySlice<UInt8>,
        besides known: [ObjectID],
        depth: Int,
        in repository: borrowing GitRepository
    ) throws(GitError) {
        guard !known.contains(id), !seen.contains(id) else { return }
        try requireSaneDepth(depth)
        try add(id, named: name, in: repository)
        var others: [[ArraySlice<UInt8>: TreeObject.Entry]] = []
        for tree in known {
            let entries = try repository.tree(tree).entries
            others.append(
                Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            )
        }
        for entry in try repository.tree(id).entries {
            let matches = others.compactMap { $0[entry.name] }
            guard !matches.contains(where: { $0.id == entry.id }) else { continue }
            switch entry.mode {
            case .folder:
                try add(
                    tree: entry.id,
                    named: entry.name,
                    besides: matches.compactMap(\.folder),
                    depth: depth + 1,
                    in: repository
                )
            case .file, .executable, .link:
                try add(entry.id, named: entry.name, in: repository)
            case .submodule:
                // Names a commit of another repository.
                break
            }
        }
    }
}
