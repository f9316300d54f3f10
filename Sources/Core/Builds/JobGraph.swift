/// The jobs of one build, as the decision "what now?" sees them.
package struct JobGraph: Sendable {
    /// A node of the graph.
    package struct Node: Equatable, Sendable {
        package var id: JobID
        package var name: String
        package var needs: [String]
        package var condition: Condition
        package var state: State

        package init(
            id: JobID,
            name: String,
            needs: [String],
            condition: Condition,
            state: State
        ) {
            self.id = id
            self.name = name
            self.needs = needs
            self.condition = condition
            self.state = state
        }
    }

    package enum State: Equatable, Sendable {
        /// Some need has not ended.
        case blocked
        /// May be given to a worker.
        case ready
        /// Given to a worker.
        case running
        case finished(BuildResult)
    }

    /// What has become true of one job.
    package enum Step: Equatable, Sendable {
        case ready(JobID)
        case finish(JobID, BuildResult, reason: String)
        /// Still blocked, by these needs.
        case wait(JobID, on: [String])
    }

    /// What follows from the state of the jobs.
    package struct Advance: Equatable, Sendable {
        /// In the order of the nodes.
        package var steps: [Step]
        /// Set when every job has ended.
        package var verdict: BuildResult?
    }

    package var nodes: [Node]
    package var isCancelled: Bool

    package init(nodes: [Node], isCancelled: Bool) {
        self.nodes = nodes
        self.isCancelled = isCancelled
    }

    /// Decides which blocked jobs may start or will never run, and whether the build has ended.
    ///
    /// A job ended here may decide further jobs, so the rule is applied until nothing changes.
    package func advanced() -> Advance {
        var graph = self
        var steps: [JobID: Step] = [:]
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for index in graph.nodes.indices {
                guard let step = graph.step(for: graph.nodes[index]) else { continue }
                let id = graph.nodes[index].id
                guard steps[id] != step else { continue }
                steps[id] = step
                hasChanged = true
                graph.nodes[index].apply(step)
            }
        }
        return Advance(steps: graph.nodes.compactMap { steps[$0.id] }, verdict: graph.verdict)
    }

    private func step(for node: Node) -> Step? {
        switch node.state {
        case .running, .finished:
            return nil
        case .ready:
            return isCancelled
                ? .finish(node.id, .cancelled, reason: "the build was cancelled") : nil
        case .blocked:
            if isCancelled {
                return .finish(node.id, .cancelled, reason: "the build was cancelled")
            }
            return unblocked(node)
        }
    }

    private func unblocked(_ node: Node) -> Step {
        let open = node.needs.filter { result(of: $0) == nil }
        if !open.isEmpty { return .wait(node.id, on: open) }
        let bad = node.needs.filter { name in
            switch result(of: name) {
            case .success, .warnings: false
            case .skipped, .failure, .exception, .retry, .cancelled, nil: true
            }
        }
        switch node.condition {
        case .always:
            return .ready(node.id)
        case .success:
            if bad.isEmpty { return .ready(node.id) }
            return .finish(node.id, .skipped, reason: reason(bad))
        case .failure:
            if hasRedAncestor(node) { return .ready(node.id) }
            return .finish(node.id, .skipped, reason: "nothing that it needs failed")
        }
    }

    private func reason(_ bad: [String]) -> String {
        let parts = bad.map { name in
            "\(name) ended with \((result(of: name) ?? .skipped).rawValue)"
        }
        return "it needs \(parts.joined(separator: " and "))"
    }

    /// A skipped need hides a failure behind it, so `failure()` looks through it.
    private func hasRedAncestor(_ node: Node) -> Bool {
        var seen: Set<String> = []
        var open = node.needs
        while let name = open.popLast() {
            guard seen.insert(name).inserted else { continue }
            if result(of: name)?.isGreen == false { return true }
            open += nodes.first { $0.name == name }?.needs ?? []
        }
        return false
    }

    private func result(of name: String) -> BuildResult? {
        guard let node = nodes.first(where: { $0.name == name }) else { return .skipped }
        switch node.state {
        case .finished(let result): return result
        case .blocked, .ready, .running: return nil
        }
    }

    private var verdict: BuildResult? {
        var results: [BuildResult] = []
        for node in nodes {
            switch node.state {
            case .finished(let result): results.append(result)
            case .blocked, .ready, .running: return nil
            }
        }
        return overall(results)
    }
}

extension JobGraph.Node {
    fileprivate mutating func apply(_ step: JobGraph.Step) {
        switch step {
        case .ready: state = .ready
        case .finish(_, let result, _): state = .finished(result)
        case .wait: state = .blocked
        }
    }
}
