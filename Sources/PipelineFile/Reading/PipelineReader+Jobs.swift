import Core

/// The `jobs` key and what is in it.
extension PipelineReader {
    mutating func jobs(_ fields: Fields, fileName: String) -> [JobDefinition] {
        guard let entry = fields[.jobs] else {
            return loneJob(fields, named: fileName).map { [$0] } ?? []
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
        let hint = "write 'NAME: { steps: … }'"
        guard let entries = table(entry, hint: hint) else { return [] }
        if entries.isEmpty { problems.add("'jobs' has no jobs", at: entry.keyMark) }
        return entries.map { entry in
            // One that cannot be read is there all the same, for the others to need.
            guard let fields = self.fields(entry, in: .job) else {
                return JobDefinition(name: entry.located, steps: [.unread])
            }
            return job(named: entry.located, fields)
        }
    }

    /// A file without `jobs` is one job, named after the file.
    private mutating func loneJob(_ fields: Fields, named name: String) -> JobDefinition? {
        guard fields[.steps] != nil else {
            if !fields.hasStrangers {
                problems.add(
                    "nothing to do: there are neither 'jobs' nor 'steps'",
                    at: fields.mark,
                    hint: "the smallest pipeline is an 'image' and 'steps'"
                )
            }
            return nil
        }
        if let complaint = Label.complaint(name) {
            problems.add(
                "the job cannot be named after the file: \(complaint)",
                at: fields.mark,
                hint: "rename the file, or name the job in 'jobs'"
            )
        }
        var own = Fields(place: .job, mark: fields.mark)
        for word in Place.loneJobWords { own[word] = fields[word] }
        return job(named: Located(name, at: fields.mark), own)
    }

    private mutating func job(named name: Located<String>, _ fields: Fields) -> JobDefinition {
        let allowance = fields[.allowFailure].flatMap { failureAllowance($0) } ?? FailureAllowance()
        var job = JobDefinition(
            name: name,
            matrix: fields[.matrix].flatMap { matrix($0) },
            needs: fields[.needs].map { needs($0) } ?? [],
            condition: fields[.condition].flatMap { expression($0) },
            labels: fields[.labels].map { nameTemplates(list($0)) } ?? [],
            image: image(of: fields),
            shell: fields[.shell].flatMap { shell($0) },
            environment: fields[.env].map { environment($0) } ?? [:],
            resources: fields[.resources].map { resources($0) } ?? Resources(),
            onLost: fields[.onLost].flatMap { choice($0, LossPolicy.self) } ?? .retry,
            services: fields[.services].map { services($0) } ?? [],
            caches: fields[.cache].map { caches($0) } ?? [],
            checkout: fields[.checkout].flatMap { checkout($0) } ?? .standard,
            steps: fields[.steps].map { steps($0, allowing: allowance.codes) } ?? [],
            reports: fields[.reports].map { reports($0) } ?? [],
            artifacts: fields[.artifacts].map { artifacts($0) } ?? [],
            channel: fields[.channel].flatMap { nameTemplate($0) },
            allowFailure: allowance.isWhole,
            timeout: fields[.timeout].flatMap { duration($0) },
            idleTimeout: fields[.idleTimeout].flatMap { duration($0) }
        )
        job.uses = use(fields)
        if job.uses == nil, job.steps.isEmpty { job.steps = [.unread] }
        return job
    }

    private mutating func needs(_ entry: Entry) -> [NeedDefinition] {
        items(entry).compactMap { need($0) }
    }

    private mutating func need(_ item: Entry) -> NeedDefinition? {
        guard case .mapping = item.value.content else {
            return locatedText(item).map { NeedDefinition(job: $0) }
        }
        guard let fields = fields(item, in: .need) else { return nil }
        let isOptional = fields[.optional].flatMap { flag($0) } ?? false
        return fields[.job].flatMap { locatedText($0) }
            .map { NeedDefinition(job: $0, isOptional: isOptional) }
    }
}

extension StepDefinition {
    /// Stands where there are no steps to read, so that they are not also missed.
    static let unread = StepDefinition(
        action: .gate(GateDefinition(name: .unread, approvers: [])),
        mark: .start
    )
}

extension JobDefinition {
    static let unread = JobDefinition(
        name: Located("unread", at: .start),
        steps: [.unread]
    )
}
