import Core

/// How the jobs of a run stand.
struct JobBoard {
    private var graph: JobGraph
    private let specs: [JobID: JobSpec]
    private var results: [JobID: LocalJobResult] = [:]
    private let filtered: [LocalJobResult]

    init(_ plan: LocalPlan) {
        let jobs = plan.plan.jobs
        specs = Dictionary(uniqueKeysWithValues: zip(jobs.indices.map { JobID(Int64($0)) }, jobs))
        filtered = plan.plan.filtered.map {
            LocalJobResult(name: $0.spec.name, result: .skipped, reason: $0.reason)
        }
        let left = plan.plan.filtered.enumerated().map { index, job in
            JobGraph.Node(job.spec, id: JobID(Int64(jobs.count + index)), .finished(.skipped))
        }
        graph = JobGraph(
            nodes: jobs.enumerated().map { index, spec in
                JobGraph.Node(spec, id: JobID(Int64(index)), .blocked)
            } + left,
            isCancelled: false,
            names: plan.names
        )
    }

    /// Decides what follows; gives the jobs that ended without having begun.
    mutating func advance(isCancelled: Bool) -> [LocalJobResult] {
        graph.isCancelled = isCancelled
        var ended: [LocalJobResult] = []
        for step in graph.advanced().steps {
            switch step {
            case .ready(let id):
                set(id, .ready)
            case .finish(let id, let result, let reason):
                set(id, .finished(result))
                let name = specs[id]?.name ?? ""
                let job = LocalJobResult(name: name, result: result, reason: reason)
                results[id] = job
                ended.append(job)
            case .wait, .hold, .stop:
                continue
            }
        }
        return ended
    }

    /// The next job that may begin, with what is known of the jobs it needs put in.
    mutating func takeReady() -> LocalJob? {
        guard let node = graph.nodes.first(where: { $0.state == .ready }),
            let spec = specs[node.id]
        else { return nil }
        set(node.id, .running)
        var names = graph.names
        names.needs = graph.outcomes(neededBy: node.name)
        return LocalJob(id: node.id, spec: spec, names: names)
    }

    mutating func note(_ end: LocalJobEnd) {
        set(end.id, .finished(end.result.result), outputs: end.outputs)
        results[end.id] = end.result
    }

    private mutating func set(
        _ id: JobID,
        _ state: JobGraph.State,
        outputs: [String: String] = [:]
    ) {
        guard let index = graph.nodes.firstIndex(where: { $0.id == id }) else { return }
        graph.nodes[index].state = state
        graph.nodes[index].outputs = outputs
    }

    /// How it all ended.
    var outcome: LocalOutcome {
        let ended = specs.keys.sorted().compactMap { results[$0] }
        return LocalOutcome(
            result: graph.advanced().verdict ?? .exception,
            jobs: ended + filtered
        )
    }
}

extension JobGraph.Node {
    init(_ spec: JobSpec, id: JobID, _ state: JobGraph.State) {
        self.init(
            id: id,
            name: spec.name,
            key: spec.key,
            needs: spec.needs,
            optionalNeeds: Set(spec.optionalNeeds),
            condition: spec.condition,
            failFast: spec.failFast,
            state: state
        )
    }
}
