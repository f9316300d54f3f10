/// Which job of the build a `download` means.
extension Planner {
    /// Turns the name that a file gives to a job into the name of the one job that keeps the
    /// artifact.
    mutating func resolveDownloads(in plan: inout Plan, _ specs: [JobSpec]) {
        let order = JobOrder(specs.map { ($0.name, $0.needs) })
        var resolver = DownloadResolver(specs: specs, order: order, scopes: scopes)
        var resolved: [String: JobSpec] = [:]
        for (index, draft) in drafts.enumerated() {
            var spec = specs[index]
            var hasChanged = false
            for (number, step) in draft.definition.steps.enumerated() {
                guard case .download(let written) = step.action,
                    case .download(let job, let artifact, let folder) = spec.steps[number].action
                else { continue }
                switch resolver.resolve(artifact, of: job, for: index, in: draft) {
                case .job(let name):
                    hasChanged = true
                    spec.steps[number].action = .download(job: name, artifact: artifact, to: folder)
                case .refused(let message, let hint, let isArtifact):
                    problems.add(
                        message,
                        at: isArtifact ? written.artifact.mark : written.job.mark,
                        of: draft.file.path,
                        hint: hint
                    )
                }
            }
            if hasChanged { resolved[spec.name] = spec }
        }
        for index in plan.jobs.indices {
            if let spec = resolved[plan.jobs[index].name] { plan.jobs[index] = spec }
        }
        for index in plan.filtered.indices {
            if let spec = resolved[plan.filtered[index].spec.name] {
                plan.filtered[index].spec = spec
            }
        }
    }
}

/// Finds the job that keeps an artifact.
private struct DownloadResolver {
    enum Answer {
        case job(String)
        case refused(String, hint: String?, isArtifact: Bool)
    }

    let specs: [JobSpec]
    let order: JobOrder
    let scopes: [[String: [Int]]]
    private lazy var ancestors = order.ancestors()

    init(specs: [JobSpec], order: JobOrder, scopes: [[String: [Int]]]) {
        self.specs = specs
        self.order = order
        self.scopes = scopes
    }

    mutating func resolve(
        _ artifact: String,
        of job: String,
        for index: Int,
        in draft: JobDraft
    ) -> Answer {
        let exact = order.place(of: job).map { [$0] } ?? []
        let meant = scopes[draft.scope][job] ?? exact
        if meant.isEmpty {
            let known = Array(scopes[draft.scope].keys.sorted()) + specs.map(\.name)
            return .refused(
                "there is no job \(quoted(job)) to download from",
                hint: nearest(to: job, among: known).map { "did you mean '\(shortened($0))'?" },
                isArtifact: false
            )
        }
        let keepers = meant.filter { place in
            specs[place].artifacts.contains { $0.name == artifact }
        }
        guard let keeper = keepers.first else {
            let kept = meant.flatMap { specs[$0].artifacts.map { shortened($0.name) } }
            return .refused(
                "job \(quoted(job)) keeps no artifact \(quoted(artifact))",
                hint: kept.isEmpty ? nil : "it keeps \(kept.listed)",
                isArtifact: true
            )
        }
        if keepers.count > 1 {
            return .refused(
                "\(keepers.count) jobs of \(quoted(job)) keep an artifact \(quoted(artifact))",
                hint: "name one of them, such as '\(shortened(specs[keeper].name))', "
                    + "or put a value of the matrix into the artifact's name",
                isArtifact: false
            )
        }
        guard ancestors[index].contains(keeper) else {
            return .refused(
                "job \(quoted(specs[index].name)) downloads from \(quoted(specs[keeper].name)), "
                    + "which need not have ended before it",
                hint: "add 'needs: [\(shortened(job))]'",
                isArtifact: false
            )
        }
        return .job(specs[keeper].name)
    }
}
