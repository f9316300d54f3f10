/// From drafts to the documents that are stored and sent.
extension Planner {
    mutating func fill(_ plan: inout Plan) {
        var specs: [JobSpec] = []
        for draft in drafts {
            let (spec, reason) = spec(of: draft)
            specs.append(spec)
            if let reason {
                plan.filtered.append(FilteredJob(spec: spec, reason: reason))
            } else {
                plan.jobs.append(spec)
            }
        }
        checkNames(of: specs)
        if problems.isEmpty { resolveDownloads(in: &plan, specs) }
    }

    /// Two jobs may come to the same name when one's name looks like another's combination.
    private mutating func checkNames(of specs: [JobSpec]) {
        var seen: Set<String> = []
        for (spec, draft) in zip(specs, drafts) where !seen.insert(spec.name).inserted {
            problems.add(
                "a second job comes to the name \(quoted(spec.name))",
                at: draft.definition.name.mark,
                of: draft.file.path
            )
        }
    }

    private mutating func spec(of draft: JobDraft) -> (JobSpec, filter: String?) {
        let job = draft.definition
        let path = draft.file.path
        var names = draft.names
        let own = folded(job.environment, with: names, of: path)
        let environment = draft.file.environment.merging(own) { $1 }
        var early = names.with(environment.compactMapValues(\.constant))
        let channel = job.channel.map { self.channelName($0, with: early, of: path) }
        let needs = needs(of: draft)
        for need in needs.missing { early.needs[need] = NeedOutcome(result: .skipped) }
        names.needs = early.needs
        if let channel {
            names.context[.channel] = .text(channel)
            early.context[.channel] = .text(channel)
        }
        let condition = folded(
            job.condition.map { Condition($0) } ?? .success,
            job.condition,
            with: early,
            of: path
        )
        var reason = draft.filter
        if reason == nil, condition.expression.value == .flag(false) {
            reason = "its 'if' does not hold: \(shortened(job.condition?.source ?? ""))"
        }
        var steps = StepPlanning(draft: draft, environment: environment, names: names, early: early)
        var spec = JobSpec(
            name: draft.name,
            key: draft.key,
            matrix: draft.matrix,
            failFast: draft.failFast,
            needs: needs.all,
            optionalNeeds: needs.optional,
            condition: condition,
            labels: labels(of: job, with: early, of: path),
            resources: job.resources,
            onLost: job.onLost,
            services: services(of: job, with: early, of: path),
            caches: caches(of: job, with: names, of: path),
            checkout: job.checkout,
            timeout: job.timeout ?? draft.file.pipeline.defaults.timeout
                ?? JobSpec.timeoutDefault,
            idleTimeout: job.idleTimeout ?? draft.file.pipeline.defaults.idleTimeout,
            allowFailure: draft.allowFailure,
            channel: channel,
            steps: [],
            reports: job.reports,
            artifacts: artifacts(of: job, with: early, of: path)
        )
        spec.steps = steps.plan(&self)
        let asked = Set(spec.steps.flatMap(\.variables))
        spec.variables = environment.filter { asked.contains($0.key) }
        return (spec, reason)
    }

    /// The needs as names of the build's jobs; an optional one that does not exist is `missing`.
    private func needs(
        of draft: JobDraft
    ) -> (all: [String], optional: [String], missing: [String]) {
        var all: [String] = []
        var optional: [String] = []
        var missing: [String] = []
        for need in draft.needs {
            guard let places = scopes[need.scope][need.name] else {
                missing.append(need.name)
                continue
            }
            all += places.map { drafts[$0].name }
            if need.isOptional { optional += places.map { drafts[$0].name } }
        }
        return (all, optional, missing)
    }

    private mutating func channelName(
        _ template: Template,
        with names: Names,
        of path: String
    ) -> String {
        name(text(template, with: names, of: path), at: template.mark, of: path)
    }

    /// A name that has come out of a template.
    private mutating func name(_ text: String, at mark: Mark?, of path: String) -> String {
        if !Name.isValid(text) {
            problems.add(
                "\(quoted(text)) is not a name",
                at: mark,
                of: path,
                hint: "letters, digits, '.', '_' and '-', at most \(Name.lengthMax), "
                    + "beginning with a letter or digit"
            )
        }
        return text
    }

    /// Each once, in the order of the file.
    private mutating func labels(
        of job: JobDefinition,
        with names: Names,
        of path: String
    ) -> [String] {
        var labels: [String] = []
        for template in job.labels {
            let label = name(text(template, with: names, of: path), at: template.mark, of: path)
            if !labels.contains(label) { labels.append(label) }
        }
        return labels
    }

    private mutating func services(
        of job: JobDefinition,
        with names: Names,
        of path: String
    ) -> [ServiceSpec] {
        var services: [ServiceSpec] = []
        for service in job.services {
            let (image, openImage) = image(service.image, with: names, of: path)
            services.append(
                ServiceSpec(
                    name: service.name.value,
                    image: image,
                    openImage: openImage,
                    environment: folded(service.environment, with: names, of: path),
                    health: service.health
                )
            )
        }
        return services
    }

    private mutating func caches(
        of job: JobDefinition,
        with names: Names,
        of path: String
    ) -> [CacheSpec] {
        var caches: [CacheSpec] = []
        for cache in job.caches {
            var restore: [Template] = []
            for template in cache.restore {
                restore.append(folded(template, with: names, of: path))
            }
            caches.append(
                CacheSpec(
                    key: folded(cache.key, with: names, of: path),
                    restore: restore,
                    paths: cache.paths
                )
            )
        }
        return caches
    }

    private mutating func artifacts(
        of job: JobDefinition,
        with names: Names,
        of path: String
    ) -> [ArtifactSpec] {
        var artifacts: [ArtifactSpec] = []
        for artifact in job.artifacts {
            let text = text(artifact.name, with: names, of: path)
            let name = name(text, at: artifact.name.mark, of: path)
            if artifacts.contains(where: { $0.name == name }) {
                problems.add("a second artifact \(quoted(name))", at: artifact.name.mark, of: path)
            }
            artifacts.append(
                ArtifactSpec(
                    name: name,
                    paths: artifact.paths,
                    expireIn: artifact.expireIn,
                    when: artifact.when
                )
            )
        }
        return artifacts
    }

    mutating func folded(
        _ environment: [String: Template],
        with names: Names,
        of path: String
    ) -> [String: Template] {
        var planned: [String: Template] = [:]
        for (name, template) in environment {
            planned[name] = folded(template, with: names, of: path)
        }
        return planned
    }

    /// The image, or what is still to become it.
    mutating func image(
        _ template: Template,
        with names: Names,
        of path: String
    ) -> (ImageSource?, Template?) {
        let open = folded(template, with: names, of: path)
        guard let text = open.constant else { return (nil, open) }
        let image = ImageSource(written: text)
        if image == nil {
            problems.add(
                "\(quoted(text)) is not an image",
                at: template.mark,
                of: path,
                hint: "an image is written like 'debian:bookworm-slim' or './containers/NAME'"
            )
        }
        return (image, nil)
    }
}
