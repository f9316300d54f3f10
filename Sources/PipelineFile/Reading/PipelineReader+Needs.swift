import Core

/// What ties jobs together: needs, and downloads from jobs that are needed.
extension PipelineReader {
    mutating func checkNeeds(of jobs: [JobDraft], among names: [String]) {
        let known = Set(names)
        for job in jobs {
            for (need, mark) in zip(job.spec.needs, job.needMarks) {
                if need == job.spec.name {
                    problems.add("job \(quoted(need)) needs itself", at: mark)
                } else if !known.contains(need) {
                    problems.add(
                        "job \(quoted(job.spec.name)) needs \(quoted(need)), which does not exist",
                        at: mark,
                        hint: nearest(to: need, among: names.filter { $0 != job.spec.name })
                            .map { "did you mean '\(shortened($0))'?" }
                    )
                }
            }
        }
        checkCircles(of: jobs)
    }

    /// Takes away job after job that waits for nothing; what stays waits in a circle.
    private mutating func checkCircles(of jobs: [JobDraft]) {
        let drafts = Dictionary(jobs.map { ($0.spec.name, $0) }) { first, _ in first }
        var open = drafts.mapValues { draft in
            draft.spec.needs.filter { drafts[$0] != nil && $0 != draft.spec.name }
        }
        while !open.isEmpty {
            let free = jobs.map(\.spec.name).filter { name in
                open[name].map { needs in needs.allSatisfy { open[$0] == nil } } ?? false
            }
            if free.isEmpty {
                guard let circle = circle(in: open, of: jobs) else { return }
                report(circle, drafts)
                for name in circle { open[name] = nil }
            }
            for name in free { open[name] = nil }
        }
    }

    /// The names of one circle, beginning with the job that stands first in the file.
    private func circle(in open: [String: [String]], of jobs: [JobDraft]) -> [String]? {
        guard var name = jobs.map(\.spec.name).first(where: { open[$0] != nil }) else { return nil }
        var walked: [String] = []
        while !walked.contains(name) {
            walked.append(name)
            guard let next = open[name]?.first(where: { open[$0] != nil }) else { return nil }
            name = next
        }
        let circle = Array(walked.drop { $0 != name })
        let first = jobs.map(\.spec.name).first(where: circle.contains) ?? name
        let split = circle.firstIndex(of: first) ?? 0
        return Array(circle[split...] + circle[..<split])
    }

    private mutating func report(_ circle: [String], _ drafts: [String: JobDraft]) {
        guard let name = circle.first, let draft = drafts[name] else { return }
        let next = circle.dropFirst().first ?? name
        let place = draft.spec.needs.firstIndex(of: next).map { draft.needMarks[$0] }
        let shown = circle.prefix(circleShownMax).map(shortened)
        let rest = circle.count > shown.count ? ["… \(circle.count) jobs …"] : []
        problems.add(
            "jobs need each other in a circle: "
                + (shown + rest + [shortened(name)]).joined(separator: " → "),
            at: place ?? draft.mark
        )
    }

    mutating func checkDownloads(of jobs: [JobDraft], among names: [String]) {
        let drafts = Dictionary(jobs.map { ($0.spec.name, $0) }) { first, _ in first }
        for job in jobs where !job.downloads.isEmpty {
            let earlier = everythingNeeded(by: job.spec.name, drafts)
            for download in job.downloads {
                check(download, of: job.spec.name, earlier: earlier, drafts, names)
            }
        }
    }

    private mutating func check(
        _ download: DownloadDraft,
        of job: String,
        earlier: Set<String>,
        _ drafts: [String: JobDraft],
        _ names: [String]
    ) {
        guard names.contains(download.job) else {
            problems.add(
                "there is no job \(quoted(download.job)) to download from",
                at: download.jobMark,
                hint: nearest(to: download.job, among: names)
                    .map { "did you mean '\(shortened($0))'?" }
            )
            return
        }
        guard earlier.contains(download.job) else {
            problems.add(
                "job \(quoted(job)) downloads from \(quoted(download.job)), "
                    + "which need not have ended before it",
                at: download.jobMark,
                hint: "add 'needs: [\(shortened(download.job))]'"
            )
            return
        }
        let kept = drafts[download.job]?.spec.artifacts.map(\.name) ?? []
        guard kept.contains(download.artifact) else {
            problems.add(
                "job \(quoted(download.job)) keeps no artifact \(quoted(download.artifact))",
                at: download.artifactMark,
                hint: kept.isEmpty ? nil : "it keeps \(kept.map(shortened).listed)"
            )
            return
        }
    }

    /// Every job that has ended before this one begins.
    private func everythingNeeded(by job: String, _ drafts: [String: JobDraft]) -> Set<String> {
        var all: Set<String> = []
        var open = drafts[job]?.spec.needs ?? []
        while let name = open.popLast() {
            if all.insert(name).inserted { open += drafts[name]?.spec.needs ?? [] }
        }
        return all
    }
}

private let circleShownMax = 10
