import Core
import PipelineFile

/// How the jobs of a run stand.
struct JobBoard {
    private var graph: JobGraph
    private var specs: [JobID: JobSpec]
    private var results: [JobID: LocalJobResult] = [:]
    private var filtered: [LocalJobResult]
    private let pipeline: String
    /// Of all jobs, those that were left out too.
    private var present: [JobSpec]

    init(_ plan: LocalPlan) {
        let jobs = plan.plan.jobs
        pipeline = plan.plan.pipeline
        present = jobs + plan.plan.filtered.map(\.spec)
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

    /// Adds the jobs that a job has asked for; one that asked for nonsense has failed.
    mutating func join(_ end: inout LocalJobEnd, _ request: PlanRequest) {
        guard let origin = specs[end.id]?.name else { return }
        var added: [Plan] = []
        for text in end.fragments {
            switch planned(text, after: added, askedForBy: origin, request) {
            case .plan(let plan):
                added.append(plan)
            case .problems(let problems):
                let words = problems.map(\.description).joined(separator: "\n")
                end.result.result = .failure
                end.result.reason = "the jobs it asked for: \(words)"
                return
            }
        }
        for plan in added { add(plan) }
    }

    private func planned(
        _ text: String,
        after added: [Plan],
        askedForBy origin: String,
        _ request: PlanRequest
    ) -> Planned {
        switch readFragment(Array(text.utf8), path: "$CI_JOBS") {
        case .problems(let problems):
            return .problems(problems)
        case .pipeline(var fragment):
            fragment.name = pipeline
            let all = present + added.flatMap { $0.jobs + $0.filtered.map(\.spec) }
            return plan(fragment, joining: all, askedForBy: origin, for: request)
        }
    }

    private mutating func add(_ plan: Plan) {
        present += plan.jobs + plan.filtered.map(\.spec)
        for spec in plan.jobs {
            let id = JobID(Int64(graph.nodes.count))
            specs[id] = spec
            graph.nodes.append(JobGraph.Node(spec, id: id, .blocked))
        }
        for job in plan.filtered {
            let id = JobID(Int64(graph.nodes.count))
            graph.nodes.append(JobGraph.Node(job.spec, id: id, .finished(.skipped)))
            filtered.append(
                LocalJobResult(name: job.spec.name, result: .skipped, reason: job.reason)
            )
        }
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
