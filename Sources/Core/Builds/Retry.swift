extension JobGraph {
    /// Decides which jobs a retry of what failed does not run again.
    ///
    /// Those that ran green, unless something they need runs again. A skipped job is never kept:
    /// what it waited for may succeed this time.
    package func keptByRetry() -> Set<JobID> {
        var again: Set<String> = []
        for node in nodes where !node.state.hasRunGreen { again.insert(node.name) }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for node in nodes where !again.contains(node.name) {
                guard node.needs.contains(where: again.contains) else { continue }
                again.insert(node.name)
                hasChanged = true
            }
        }
        return Set(nodes.filter { !again.contains($0.name) }.map(\.id))
    }
}

extension JobGraph.State {
    fileprivate var hasRunGreen: Bool {
        switch self {
        case .finished(.success), .finished(.warnings): true
        case .blocked, .ready, .running, .finished: false
        }
    }
}
