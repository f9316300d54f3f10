/// Puts a draft's parts into the order they are written in.
extension PipelineDraft {
    /// The file's text.
    func written() -> ConvertedFile {
        var root = Mapping(isBlock: true)
        if let name { root.set("name", .text(name)) }
        if let triggers { root.set("on", on(triggers)) }
        if let concurrency { root.set("concurrency", .mapping(concurrency)) }
        if !environment.variables.isEmpty { root.set("env", environment.tree) }
        if let inputs { root.set("inputs", .mapping(inputs)) }
        if let job = loneJob {
            root.entries += job.keys(isAlone: true).entries
            root.comments += job.lastComments
        } else {
            let (jobs, defaults) = withCommonImage
            if let defaults { root.set("defaults", .mapping(defaults)) }
            root.set("jobs", .mapping(Self.tree(of: jobs)))
            if root.entries.count > 1 { root.entries[root.entries.count - 1].isApart = true }
        }
        root.comments += lastComments
        root.endsApart = true
        var head = comments + environment.spareComments
        if let first = root.entries.first?.comments, !first.isEmpty { head += first }
        if !root.entries.isEmpty { root.entries[0].comments = head }
        return ConvertedFile(name: file, text: Writer.text(of: root))
    }

    private func on(_ triggers: Mapping) -> Tree {
        let isPlain = triggers.entries.allSatisfy { entry in
            entry.comments.isEmpty && entry.value == .mapping(Mapping())
        }
        let words = ["push", "pull_request", "tag", "manual"]
        if isPlain, triggerComments.isEmpty,
            triggers.entries.allSatisfy({ words.contains($0.key) }), !triggers.isEmpty
        {
            return .texts(triggers.entries.map(\.key))
        }
        var triggers = triggers
        triggers.isBlock = true
        if triggers.entries.isEmpty {
            triggers.comments += triggerComments
        } else {
            triggers.entries[0].comments = triggerComments + triggers.entries[0].comments
        }
        return .mapping(triggers)
    }

    /// The only job, where the file can do without `jobs`.
    private var loneJob: JobDraft? {
        guard jobs.count == 1, let job = jobs.first, job.isPlainAlone,
            file.without(end: ".yml") == job.name
        else { return nil }
        return job
    }

    /// The image that most jobs share goes to `defaults`.
    private var withCommonImage: (jobs: [JobDraft], defaults: Mapping?) {
        let images = jobs.filter { $0.uses == nil }.map(\.image)
        guard images.count > 1, let image = images.first ?? nil,
            images.allSatisfy({ $0 == image }), !image.hasPart("${{")
        else { return (jobs, nil) }
        var jobs = jobs
        for index in jobs.indices { jobs[index].image = nil }
        return (jobs, Mapping(["image": .text(image)]))
    }

    private static func tree(of jobs: [JobDraft]) -> Mapping {
        var mapping = Mapping(isBlock: true)
        for (index, job) in jobs.enumerated() {
            var keys = job.keys(isAlone: false)
            keys.comments += job.lastComments
            keys.isBlock = true
            mapping.set(job.name, .mapping(keys), comments: job.comments)
            mapping.entries[index].isApart = index > 0
        }
        return mapping
    }
}

extension Environment {
    /// Comments that stand elsewhere, because there are no variables to stand behind.
    var spareComments: [String] { variables.isEmpty ? comments : [] }

    var tree: Tree {
        var mapping = Mapping(isBlock: variables.count > 3 || !comments.isEmpty)
        for variable in variables {
            mapping.set(variable.name, .text(variable.value), comments: variable.comments)
        }
        mapping.comments = comments
        return .mapping(mapping)
    }
}

extension JobDraft {
    /// Whether it has nothing that only a job among others can have.
    fileprivate var isPlainAlone: Bool {
        needs.isEmpty && uses == nil && channel == nil && allowFailure == .none
            && condition.simplified.isDefault
    }

    /// Its keys, in the order of the language's description.
    fileprivate func keys(isAlone: Bool) -> Mapping {
        var keys = Mapping(isBlock: true)
        if !needs.isEmpty { keys.set("needs", .list(needs)) }
        if !condition.simplified.isDefault {
            keys.set("if", .text(condition.simplified.rendered))
        }
        if let channel { keys.set("channel", .text(channel)) }
        if let uses { keys.set("uses", .text(uses)) }
        if let with, !with.isEmpty { keys.set("with", .mapping(with)) }
        if let matrix { keys.set("matrix", .mapping(matrix)) }
        if !labels.isEmpty { keys.set("labels", .texts(labels)) }
        if let tree = allowFailure.tree { keys.set("allow_failure", tree) }
        if let image { keys.set("image", .text(image)) }
        if let timeout { keys.set("timeout", .word(timeout)) }
        if !environment.variables.isEmpty { keys.set("env", environment.tree) }
        if !services.isEmpty { keys.set("services", .mapping(serviceTree)) }
        if let checkout { keys.set("checkout", checkout) }
        if !cache.isEmpty || !cacheComments.isEmpty {
            keys.set("cache", .list(cache.map { .mapping($0) }), comments: cacheComments)
            if cache.isEmpty { keys.entries.removeLast() }
        }
        let spare = cache.isEmpty ? cacheComments : []
        if !steps.isEmpty {
            keys.set("steps", .list(steps.map { .mapping($0.keys) }), comments: spare)
        }
        if !junit.isEmpty { keys.set("reports", .mapping(Mapping(["junit": .texts(junit)]))) }
        if !artifacts.isEmpty {
            let trees = artifacts.map { Tree.mapping($0) }
            keys.set("artifacts", .list(trees), comments: artifactComments)
        }
        guard !keys.entries.isEmpty else {
            keys.comments = notes + environment.spareComments
            return keys
        }
        let head = (isAlone ? comments + notes : notes) + environment.spareComments
        keys.entries[0].comments = head + keys.entries[0].comments
        return keys
    }

    private var serviceTree: Mapping {
        var mapping = Mapping(isBlock: true)
        for service in services {
            var keys = Mapping(["image": .text(service.image)])
            if !service.environment.variables.isEmpty { keys.set("env", service.environment.tree) }
            if let health = service.health { keys.set("health", .mapping(health)) }
            keys.isBlock = true
            let comments = service.comments + service.environment.spareComments
            mapping.set(service.name, .mapping(keys), comments: comments)
        }
        return mapping
    }
}

extension StepDraft {
    fileprivate var keys: Mapping {
        var keys = Mapping(isBlock: true)
        if let name { keys.set("name", .text(name)) }
        if !condition.simplified.isDefault {
            keys.set("if", .text(condition.simplified.rendered))
        }
        if let image { keys.set("image", .text(image)) }
        if let shell { keys.set("shell", .text(shell)) }
        if !environment.variables.isEmpty { keys.set("env", environment.tree) }
        if let run { keys.set("run", .text(run)) }
        if let action { keys.set(action.key, .mapping(action.value)) }
        if !secrets.isEmpty {
            var mapping = Mapping(isBlock: secrets.count > 2)
            for secret in secrets {
                let from = Mapping(["from": .text(secret.from)])
                mapping.set(secret.variable, .mapping(from))
            }
            keys.set("secrets", .mapping(mapping))
        }
        if let with { keys.set("with", .mapping(with)) }
        if let retry { keys.set("retry", .mapping(retry)) }
        if !locks.isEmpty { keys.set("locks", .list(locks.map { .mapping($0) })) }
        if let timeout { keys.set("timeout", .word(timeout)) }
        if allowFailure { keys.set("allow_failure", .flag(true)) }
        guard !keys.entries.isEmpty else {
            keys.comments = comments + environment.spareComments
            return keys
        }
        keys.entries[0].comments = comments + environment.spareComments
        return keys
    }
}
