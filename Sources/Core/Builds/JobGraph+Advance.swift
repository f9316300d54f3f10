extension JobGraph {
    /// Decides which blocked jobs may start or will never run, and whether the build has ended.
    ///
    /// A job ended here may decide further jobs, so they are asked again until nothing changes.
    package func advanced() -> Advance {
        var walk = JobGraphWalk(self)
        walk.run()
        return Advance(
            steps: nodes.indices.compactMap { walk.steps[$0] },
            verdict: walk.verdict
        )
    }
}

/// One answer to "what now?", being worked out.
struct JobGraphWalk {
    private var graph: JobGraph
    private(set) var steps: [Int: JobGraph.Step] = [:]
    private let places: [String: Int]
    /// By index: the jobs that need it.
    private let dependents: [[Int]]
    /// By matrix: the name of a job whose failure ends the others.
    private var failedFast: [String: String] = [:]
    /// By index: what failure is seen behind a job, once all its needs have ended.
    private var shadows: [Int: Shadow] = [:]

    /// What ended badly somewhere before a job.
    private struct Shadow {
        var isRed = false
        var isCancelled = false
    }

    init(_ graph: JobGraph) {
        self.graph = graph
        places = Dictionary(
            graph.nodes.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var dependents = Array(repeating: [Int](), count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            for need in node.needs {
                if let place = places[need] { dependents[place].append(index) }
            }
        }
        self.dependents = dependents
        for node in graph.nodes where node.state.result?.isFailed == true {
            if let matrix = node.failFast, failedFast[matrix] == nil {
                failedFast[matrix] = node.name
            }
        }
    }

    mutating func run() {
        var open = Array(graph.nodes.indices.reversed())
        while let index = open.popLast() {
            guard let step = step(for: graph.nodes[index]), steps[index] != step else { continue }
            steps[index] = step
            switch step {
            case .ready: graph.nodes[index].state = .ready
            case .wait, .hold, .stop: continue
            case .finish(_, let result, _):
                graph.nodes[index].state = .finished(result)
                open += dependents[index].reversed()
            }
        }
    }

    /// The worst result, once all jobs have ended.
    var verdict: BuildResult? {
        var results: [BuildResult] = []
        for node in graph.nodes {
            guard let result = node.state.result else { return nil }
            // The failure that stopped it is the verdict, not that it was stopped.
            let isStopped = result == .cancelled && !graph.isCancelled && haste(of: node) != nil
            if !isStopped { results.append(result) }
        }
        return overall(results)
    }

    private mutating func step(for node: JobGraph.Node) -> JobGraph.Step? {
        switch node.state {
        case .finished:
            return nil
        case .running:
            return haste(of: node).map { .stop(node.id, reason: $0) }
        case .gated:
            if graph.isCancelled {
                return .finish(node.id, .cancelled, reason: "the build was cancelled")
            }
            return haste(of: node).map { .finish(node.id, .cancelled, reason: $0) }
        case .ready, .blocked:
            if graph.isCancelled {
                return .finish(node.id, .cancelled, reason: "the build was cancelled")
            }
            if let newer = graph.coveredBy {
                return .finish(node.id, .skipped, reason: "\(newer) covers its commit")
            }
            if let reason = haste(of: node) { return .finish(node.id, .skipped, reason: reason) }
            if node.state == .ready { return nil }
            if !graph.holds.isEmpty { return .hold(node.id, reason: graph.holds.sentence) }
            return unblocked(node)
        }
    }

    /// Why a job of a matrix that fails fast is not wanted any more.
    private func haste(of node: JobGraph.Node) -> String? {
        guard let failed = node.failFast.flatMap({ failedFast[$0] }) else { return nil }
        return "\(failed) failed, and its matrix fails fast"
    }

    private mutating func unblocked(_ node: JobGraph.Node) -> JobGraph.Step {
        let open = node.needs.filter { result(of: $0) == nil }
        if !open.isEmpty { return .wait(node.id, on: open) }
        var names = graph.names
        names.status = status(of: node)
        names.needs = node.condition.isStatusAlone ? [:] : outcomes(of: node)
        do throws(ExpressionError) {
            if try node.condition.holds(with: names) == true { return .ready(node.id) }
            return .finish(node.id, .skipped, reason: try reason(for: node, names))
        } catch {
            return .finish(
                node.id,
                .failure,
                reason: "its 'if' cannot be decided: \(error.message)"
            )
        }
    }

    private mutating func status(of node: JobGraph.Node) -> Status {
        let shadow = shadow(over: node)
        return Status(
            isSuccess: obstacles(of: node).isEmpty,
            isFailure: shadow.isRed,
            isCancelled: shadow.isCancelled,
            isChanged: Status.isChange(
                from: graph.previous,
                to: shadow.isRed ? .failure : .success
            )
        )
    }

    /// The needs that did not end as they should have.
    private func obstacles(of node: JobGraph.Node) -> [String] {
        node.needs.filter { name in
            switch result(of: name) {
            case .success, .warnings: false
            case .skipped: !node.optionalNeeds.contains(name)
            case .failure, .exception, .retry, .cancelled, nil: true
            }
        }
    }

    /// Says which need is to blame, or that the condition itself does not hold.
    private func reason(
        for node: JobGraph.Node,
        _ names: Names
    ) throws(ExpressionError) -> String {
        let bad = obstacles(of: node)
        var better = names
        better.status?.isSuccess = true
        if !bad.isEmpty, try node.condition.holds(with: better) == true { return blame(bad) }
        if node.condition == .failure { return "nothing that it needs failed" }
        return "its 'if' does not hold: \(shortened(node.condition.expression.source))"
    }

    private func blame(_ bad: [String]) -> String {
        let shown = bad.prefix(Self.blamedMax).map { name in
            guard places[name] != nil else { return "\(name), which is not in this build" }
            switch result(of: name) {
            case .skipped: return "\(name), which was skipped"
            case .cancelled: return "\(name), which was cancelled"
            case let result: return "\(name), which ended with \((result ?? .skipped).rawValue)"
            }
        }
        let rest = bad.count > shown.count ? ", and \(bad.count - shown.count) more" : ""
        return "it needs \(shown.joined(separator: ", and "))\(rest)"
    }

    private static let blamedMax = 5

    /// A skipped need hides a failure behind it, so `failure()` looks through it.
    private mutating func shadow(over node: JobGraph.Node) -> Shadow {
        var shadow = Shadow()
        for name in node.needs {
            guard let place = places[name] else { continue }
            let behind = self.shadow(of: place)
            shadow.isRed = shadow.isRed || behind.isRed
            shadow.isCancelled = shadow.isCancelled || behind.isCancelled
        }
        return shadow
    }

    /// Of a job and all before it, deepest first, so that nothing is asked twice.
    private mutating func shadow(of root: Int) -> Shadow {
        var open = [root]
        var seen: Set<Int> = []
        while let place = open.last {
            let needs = graph.nodes[place].needs.compactMap { places[$0] }
            if seen.insert(place).inserted {
                open += needs.filter { shadows[$0] == nil && !seen.contains($0) }
                continue
            }
            open.removeLast()
            guard shadows[place] == nil else { continue }
            let result = graph.nodes[place].state.result
            shadows[place] = Shadow(
                isRed: result?.isGreen == false || needs.contains { shadows[$0]?.isRed == true },
                isCancelled: result == .cancelled
                    || needs.contains { shadows[$0]?.isCancelled == true }
            )
        }
        return shadows[root] ?? Shadow()
    }

    func outcomes(neededBy name: String) -> [String: NeedOutcome] {
        places[name].map { outcomes(of: graph.nodes[$0]) } ?? [:]
    }

    private func outcomes(of node: JobGraph.Node) -> [String: NeedOutcome] {
        var outcomes: [String: NeedOutcome] = [:]
        for name in node.needs {
            guard let place = places[name] else {
                outcomes[name] = NeedOutcome(result: .skipped)
                continue
            }
            let need = graph.nodes[place]
            let result = need.state.result ?? .skipped
            for key in JobKey.groups(of: need.key) {
                outcomes[key, default: NeedOutcome(result: result)].add(result, need.outputs)
            }
        }
        return outcomes
    }

    private func result(of name: String) -> BuildResult? {
        guard let place = places[name] else { return .skipped }
        return graph.nodes[place].state.result
    }
}

extension NeedOutcome {
    fileprivate mutating func add(_ result: BuildResult, _ outputs: [String: String]) {
        self.result = max(self.result, result)
        self.outputs.merge(outputs) { $1 }
    }
}

extension BuildResult {
    /// Whether it went wrong by itself, not because somebody stopped it.
    fileprivate var isFailed: Bool {
        switch self {
        case .failure, .exception: true
        case .skipped, .success, .warnings, .retry, .cancelled: false
        }
    }
}

extension Condition {
    /// Whether it asks nothing but how things went.
    fileprivate var isStatusAlone: Bool {
        self == .success || self == .failure || self == .always
    }
}
