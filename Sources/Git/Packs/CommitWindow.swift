/// A commit and its ancestors up to a depth, as `git clone --depth` would cut them.
struct CommitWindow {
    /// What a walk over history needs of a commit.
    struct Node {
        var tree: ObjectID
        /// Without those that the repository itself lacks on purpose.
        var parents: [ObjectID]
    }

    /// Parents before their children.
    private(set) var order: [ObjectID] = []
    private(set) var nodes: [ObjectID: Node] = [:]
    /// The commits of the window whose parents are outside.
    private(set) var boundary: Set<ObjectID> = []

    /// Walks from the tips; `depth` 1 is the tips alone, nil is everything.
    ///
    /// Ancestors for which `isKnown` holds are not entered. `gauge` is asked after each commit
    /// and may throw to end a walk that takes too long.
    init(
        from tips: [ObjectID],
        depth: Int?,
        in repository: borrowing GitRepository,
        isKnown: (ObjectID) -> Bool = { _ in false },
        gauge: (Int) throws(GitError) -> Void = { _ in }
    ) throws(GitError) {
        var level = tips.filter { !isKnown($0) }
        var distance = 1
        while !level.isEmpty {
            var next: [ObjectID] = []
            for id in level where nodes[id] == nil {
                let commit = try repository.commit(id)
                let parents = repository.parents(of: commit, id)
                nodes[id] = Node(tree: commit.tree, parents: parents)
                try gauge(nodes.count)
                if !commit.parents.isEmpty, distance == depth || parents.isEmpty {
                    boundary.insert(id)
                } else {
                    next += parents.filter { nodes[$0] == nil && !isKnown($0) }
                }
            }
            level = next
            distance += 1
        }
        sort(from: tips)
    }

    private mutating func sort(from tips: [ObjectID]) {
        // A stack of our own: histories are deeper than a thread's.
        var waiting = tips.map { (id: $0, isDone: false) }
        var entered: Set<ObjectID> = []
        while let (id, isDone) = waiting.popLast() {
            if isDone {
                order.append(id)
            } else if let node = nodes[id], entered.insert(id).inserted {
                waiting.append((id, true))
                waiting += node.parents.map { ($0, false) }
            }
        }
    }

    /// Whether the commit is in the window.
    func contains(_ id: ObjectID) -> Bool { nodes[id] != nil }
}
