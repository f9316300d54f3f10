import Core

/// Reads a tree of YAML into a pipeline, and goes on after each problem.
struct PipelineReader {
    let text: SourceText
    var problems: Problems
    /// What the environments of all steps hold together, in bytes.
    var environmentBytes = 0

    init(text: SourceText, problems: Problems) {
        self.text = text
        self.problems = problems
    }

    /// The pipeline as far as it could be read; it only counts when there are no problems.
    mutating func pipeline(_ root: YAMLNode) -> Pipeline? {
        guard case .mapping = root.content else {
            problems.add(
                "a pipeline is a mapping, not \(root.noun)",
                at: root.start,
                hint: "its keys are \(Place.pipeline.keys.map(\.word.rawValue).listed)"
            )
            return nil
        }
        let whole = Entry(key: "pipeline", keyMark: root.start, value: root)
        guard let fields = fields(whole, in: .pipeline) else { return nil }
        let fileName = Self.fileName(problems.path)
        let name = fields[.name].flatMap { label($0) } ?? fileName
        let jobs = jobs(fields, fileName: fileName)
        return Pipeline(
            name: name,
            path: problems.path,
            triggers: fields[.on].map { triggers($0) } ?? .standard,
            jobs: jobs
        )
    }

    private mutating func jobs(_ fields: Fields, fileName: String) -> [JobSpec] {
        var defaults = JobDefaults()
        defaults.environment = fields[.env].map { environment($0) } ?? [:]
        if let entry = fields[.defaults], let fields = self.fields(entry, in: .defaults) {
            defaults.image = fields[.image].flatMap { image($0) }
            defaults.timeout = fields[.timeout].flatMap { duration($0) }
        }
        guard let entry = fields[.jobs] else {
            return loneJob(fields, named: fileName, defaults: defaults).map { [$0] } ?? []
        }
        for word in Place.loneJobWords {
            guard let stray = fields[word] else { continue }
            problems.add(
                "'\(word.rawValue)' beside 'jobs'",
                at: stray.keyMark,
                hint: Place.defaults.has(word)
                    ? "put it in a job, or in 'defaults'" : "put it in a job"
            )
        }
        return jobs(entry, defaults: defaults)
    }

    /// A file without `jobs` is one job, named after the file.
    private mutating func loneJob(
        _ fields: Fields,
        named name: String,
        defaults: JobDefaults
    ) -> JobSpec? {
        guard fields[.steps] != nil else {
            problems.add(
                "nothing to do: there are neither 'jobs' nor 'steps'",
                at: fields.mark,
                hint: "the smallest pipeline is an 'image' and 'steps'"
            )
            return nil
        }
        if let complaint = labelComplaint(name) {
            problems.add(
                "the job cannot be named after the file: \(complaint)",
                at: fields.mark,
                hint: "rename the file, or name the job in 'jobs'"
            )
        }
        var fields = fields
        // They are the pipeline's, and every job has them already.
        fields.entries[Word.env.rawValue] = nil
        return job(named: name, fields, defaults: defaults).spec
    }

    /// `main` of `pipelines/main.yml`.
    static func fileName(_ path: String) -> String {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        for ending in [".yml", ".yaml"]
        where name.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
            return String(Substring(name.dropLast(ending.utf8.count)))
        }
        return String(Substring(name))
    }
}

/// What every job of a file starts from.
struct JobDefaults {
    var environment: [String: String] = [:]
    var image: ImageSource?
    /// Seconds.
    var timeout: Int?
}
