/// Makes the jobs that a step of a running build has asked for, or says everything that is wrong.
///
/// A fragment of a pipeline is planned like a file, by the same checks and limits. Its jobs may
/// need the jobs of the build; those that need none come after the one that asked for them.
///
/// - Parameters:
///   - fragment: Jobs, with `env` and `defaults`.
///   - present: All jobs of the build so far.
///   - origin: The name of the job that asked for them.
///   - request: As for the build's own file.
/// - Returns: The new jobs alone.
package func plan(
    _ fragment: Pipeline,
    joining present: [JobSpec],
    askedForBy origin: String,
    for request: PlanRequest
) -> Planned {
    var joining = Joining(fragment, present: present, origin: origin)
    guard joining.problems.isEmpty else { return .problems(joining.problems.sorted) }
    switch plan(joining.whole, for: request) {
    case .problems(let problems): return .problems(problems)
    case .plan(let plan): return joining.joined(plan)
    }
}

/// One fragment on its way into a build.
private struct Joining {
    private let fragment: Pipeline
    private let present: [JobSpec]
    private let origin: String
    /// By the name that the fragment may use for them.
    private var groups: [String: [JobSpec]] = [:]
    var problems = ProblemList()

    init(_ fragment: Pipeline, present: [JobSpec], origin: String) {
        self.fragment = fragment
        self.present = present
        self.origin = origin
        // A job of a used file is known by the job that uses it.
        for spec in present {
            groups[JobKey.groups(of: spec.key).dropFirst().first ?? spec.key, default: []]
                .append(spec)
        }
        for job in fragment.jobs where groups[job.name.value] != nil {
            problems.add(
                "the build has a job \(quoted(job.name.value)) already",
                at: job.name.mark,
                of: fragment.path
            )
        }
        limit(fragment.jobs.count)
    }

    private mutating func limit(_ more: Int) {
        let count = present.count + more
        guard count > JobSpec.jobsMax else { return }
        problems.add(
            "the build would have \(count) jobs; it may have \(JobSpec.jobsMax)",
            at: fragment.jobs.first?.name.mark,
            of: fragment.path
        )
    }

    /// The fragment with something in the place of each job that is there already.
    var whole: Pipeline {
        var whole = fragment
        let mark = fragment.jobs.first?.name.mark ?? .start
        whole.jobs += groups.sorted { $0.key < $1.key }.map { name, specs in
            JobDefinition(
                name: Located(name, at: mark),
                steps: [
                    StepDefinition(
                        action: .run(script: "true"),
                        image: Template(constant: "scratch"),
                        mark: mark
                    )
                ],
                artifacts: Set(specs.flatMap { $0.artifacts.map(\.name) }).sorted().map {
                    ArtifactDefinition(name: Template(constant: $0), paths: [])
                }
            )
        }
        return whole
    }

    /// The plan with the real jobs back in their places.
    mutating func joined(_ plan: Plan) -> Planned {
        var plan = plan
        plan.jobs = plan.jobs.filter { groups[$0.key] == nil }.map { join($0) }
        plan.filtered = plan.filtered.map { job in
            FilteredJob(spec: join(job.spec), reason: job.reason)
        }
        limit(plan.jobs.count + plan.filtered.count)
        return problems.isEmpty ? .plan(plan) : .problems(problems.sorted)
    }

    private mutating func join(_ spec: JobSpec) -> JobSpec {
        var spec = spec
        spec.origin = origin
        spec.needs = names(of: spec.needs)
        spec.optionalNeeds = names(of: spec.optionalNeeds)
        if spec.needs.isEmpty { spec.needs = [origin] }
        for index in spec.steps.indices {
            guard case .download(let job, let artifact, let folder) = spec.steps[index].action,
                let specs = groups[job]
            else { continue }
            let keepers = specs.filter { $0.artifacts.contains { $0.name == artifact } }
            if keepers.count > 1 {
                problems.add(
                    "\(keepers.count) jobs of \(quoted(job)) keep an artifact \(quoted(artifact))",
                    at: nil,
                    of: fragment.path,
                    hint: "put a value of the matrix into the artifact's name"
                )
            }
            let keeper = keepers.first?.name ?? job
            spec.steps[index].action = .download(job: keeper, artifact: artifact, to: folder)
        }
        return spec
    }

    private func names(of needs: [String]) -> [String] {
        needs.flatMap { need in groups[need]?.map(\.name) ?? [need] }
    }
}
