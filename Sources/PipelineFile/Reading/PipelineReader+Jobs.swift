import Core

/// A job with the places that only make sense once all jobs are known.
struct JobDraft {
    var spec: JobSpec
    var mark: Mark
    /// One for each of the job's needs, in the same order.
    var needMarks: [Mark]
    var downloads: [DownloadDraft]
}

/// A `download` that names a job and an artifact of it.
struct DownloadDraft {
    var job: String
    var jobMark: Mark
    var artifact: String
    var artifactMark: Mark
}

/// The `jobs` key and what is in it.
extension PipelineReader {
    mutating func jobs(_ entry: Entry, defaults: JobDefaults) -> [JobSpec] {
        guard let entries = table(entry) else { return [] }
        if entries.isEmpty { problems.add("'jobs' has no jobs", at: entry.keyMark) }
        if entries.count > JobSpec.jobsMax {
            problems.add(
                "\(entries.count) jobs; a pipeline has at most \(JobSpec.jobsMax)",
                at: entries[JobSpec.jobsMax].keyMark
            )
        }
        var drafts: [JobDraft] = []
        for entry in entries.prefix(JobSpec.jobsMax) {
            if let complaint = labelComplaint(entry.key) {
                problems.add("the name of this job \(complaint)", at: entry.keyMark)
            }
            guard let fields = fields(entry, in: .job) else { continue }
            drafts.append(job(named: entry.key, fields, defaults: defaults))
        }
        let names = entries.map(\.key)
        checkNeeds(of: drafts, among: names)
        checkDownloads(of: drafts, among: names)
        return drafts.map(\.spec)
    }

    mutating func job(named name: String, _ fields: Fields, defaults: JobDefaults) -> JobDraft {
        var defaults = defaults
        let needs = fields[.needs].map { self.needs($0) } ?? []
        if let entry = fields[.image] { defaults.image = image(entry) ?? .placeholder }
        if let entry = fields[.env] {
            defaults.environment = merged(environment(entry), over: defaults.environment)
        }
        let steps = fields[.steps].map { self.steps($0, defaults: defaults) } ?? []
        let spec = JobSpec(
            name: name,
            needs: needs.map(\.name),
            condition: fields[.condition].flatMap { condition($0) } ?? .success,
            labels: fields[.labels].map { names(list($0)) } ?? [],
            timeout: fields[.timeout].flatMap { duration($0) } ?? defaults.timeout
                ?? JobSpec.timeoutDefault,
            allowFailure: fields[.allowFailure].flatMap { flag($0) } ?? false,
            steps: steps.map(\.spec),
            artifacts: fields[.artifacts].map { artifacts($0) } ?? []
        )
        return JobDraft(
            spec: spec,
            mark: fields.mark,
            needMarks: needs.map(\.mark),
            downloads: steps.compactMap(\.download)
        )
    }

    private mutating func needs(_ entry: Entry) -> [(name: String, mark: Mark)] {
        var seen: Set<String> = []
        var needs: [(name: String, mark: Mark)] = []
        for item in items(entry) {
            if case .mapping = item.value.content {
                problems.add(
                    "a need with keys is not supported yet",
                    at: item.value.start,
                    hint: "write the job's name alone"
                )
                continue
            }
            guard let name = text(item) else { continue }
            guard seen.insert(name).inserted else {
                problems.add("\(quoted(name)) is needed twice", at: item.value.start)
                continue
            }
            needs.append((name, item.value.start))
        }
        return needs
    }

    private mutating func artifacts(_ entry: Entry) -> [ArtifactSpec] {
        var seen: Set<String> = []
        return list(entry).compactMap { item in
            guard let fields = fields(item, in: .artifact) else { return nil }
            let paths = fields[.paths].map { entry in
                let items = items(entry)
                if items.isEmpty { problems.add("'paths' has no paths", at: entry.keyMark) }
                return items.compactMap { path($0) }
            }
            guard let entry = fields[.name], let name = name(entry) else { return nil }
            guard seen.insert(name).inserted else {
                problems.add("a second artifact \(quoted(name))", at: entry.value.start)
                return nil
            }
            return ArtifactSpec(name: name, paths: paths ?? [])
        }
    }
}
