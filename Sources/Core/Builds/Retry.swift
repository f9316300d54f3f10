extension JobGraph {
    /// Decides which jobs a retry of what failed does not run again.
    ///
    /// Those that ran green, unless something they need runs again. A skipped job is never kept:
    /// what it waited for may succeed this time.
    package func keptByRetry() -> Set<JobID> {
        var dependents: [String: [Node]] = [:]
        for node in nodes {
            for need in node.needs { dependents[need, default: []].append(node) }
        }
        var open = nodes.filter { !$0.state.hasRunGreen }
        var again: Set<String> = []
        while let node = open.popLast() {
            if again.insert(node.name).inserted { open += dependents[node.name] ?? [] }
        }
        return Set(nodes.filter { !again.contains($0.name) }.map(\.id))
    }
}

extension JobGraph.State {
    fileprivate var hasRunGreen: Bool {
        switch self {
        case .finished(.success), .finished(.warnings): true
        case .blocked, .ready, .running, .gated, .finished: false
        }
    }
}
