/// What ties the jobs of a file together.
extension FileCheck {
    mutating func check(needsOf pipeline: Pipeline) {
        if pipeline.jobs.isEmpty { say("a pipeline has at least one job", at: nil) }
        if pipeline.jobs.count > JobSpec.jobsMax {
            say(
                "\(pipeline.jobs.count) jobs; a pipeline has at most \(JobSpec.jobsMax)",
                at: pipeline.jobs[JobSpec.jobsMax].name.mark
            )
            return
        }
        let order = JobOrder(
            pipeline.jobs.map { ($0.name.value, $0.needs.map(\.job.value)) }
        )
        for job in pipeline.jobs { check(needsOf: job, among: order) }
        for circle in order.circles { say(circle, of: pipeline.jobs) }
        check(downloadsOf: pipeline.jobs, order)
    }

    private mutating func check(needsOf job: JobDefinition, among order: JobOrder) {
        var seen: Set<String> = []
        for need in job.needs {
            let name = need.job.value
            if name == job.name.value {
                say("job \(quoted(name)) needs itself", at: need.job.mark)
            } else if !seen.insert(name).inserted {
                say("\(quoted(name)) is needed twice", at: need.job.mark)
            } else if order.place(of: name) == nil, !need.isOptional {
                say(
                    "job \(quoted(job.name.value)) needs \(quoted(name)), which does not exist",
                    at: need.job.mark,
                    hint: nearest(to: name, among: order.names.filter { $0 != job.name.value })
                        .map { "did you mean '\(shortened($0))'?" }
                )
            }
        }
    }

    private mutating func say(_ circle: [Int], of jobs: [JobDefinition]) {
        guard let first = circle.first else { return }
        let next = jobs[circle.dropFirst().first ?? first].name.value
        let place = jobs[first].needs.first { $0.job.value == next }?.job.mark
        let names = circle.map { shortened(jobs[$0].name.value) }
        let shown = names.prefix(Self.circleShownMax)
        let rest = names.count > shown.count ? ["… \(names.count) jobs …"] : []
        say(
            "jobs need each other in a circle: "
                + (shown + rest + [shortened(jobs[first].name.value)]).joined(separator: " → "),
            at: place ?? jobs[first].name.mark
        )
    }

    private static let circleShownMax = 10

    /// Downloads whose job and artifact are written out; the others are found when they are
    /// planned.
    private mutating func check(downloadsOf jobs: [JobDefinition], _ order: JobOrder) {
        var ancestors: [Ancestors]?
        for (index, job) in jobs.enumerated() {
            for case .download(let download) in job.steps.lazy.map(\.action) {
                guard let name = download.job.constant else { continue }
                guard let place = order.place(of: name) else {
                    // The name of one job of a matrix is known only once it is planned.
                    if jobs.contains(where: { $0.matrix != nil }) { continue }
                    say(
                        "there is no job \(quoted(name)) to download from",
                        at: download.job.mark,
                        hint: nearest(to: name, among: order.names)
                            .map { "did you mean '\(shortened($0))'?" }
                    )
                    continue
                }
                let earlier = ancestors ?? order.ancestors()
                ancestors = earlier
                if earlier[index].contains(place) || !order.circles.isEmpty {
                    check(download.artifact, keptBy: jobs[place])
                } else {
                    say(
                        "job \(quoted(job.name.value)) downloads from \(quoted(name)), "
                            + "which need not have ended before it",
                        at: download.job.mark,
                        hint: "add 'needs: [\(shortened(name))]'"
                    )
                }
            }
        }
    }

    private mutating func check(_ artifact: Template, keptBy job: JobDefinition) {
        let kept = job.artifacts.compactMap(\.name.constant)
        guard let wanted = artifact.constant, kept.count == job.artifacts.count,
            job.uses == nil, !kept.contains(wanted)
        else { return }
        say(
            "job \(quoted(job.name.value)) keeps no artifact \(quoted(wanted))",
            at: artifact.mark,
            hint: kept.isEmpty ? nil : "it keeps \(kept.map(shortened).listed)"
        )
    }
}
