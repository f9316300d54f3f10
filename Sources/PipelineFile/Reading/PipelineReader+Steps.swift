import Core

/// A step with what it downloads.
struct StepDraft {
    var spec: StepSpec
    var download: DownloadDraft?
}

/// The `steps` key and what is in it.
extension PipelineReader {
    mutating func steps(_ entry: Entry, defaults: JobDefaults) -> [StepDraft] {
        let items = list(entry)
        if case .sequence = entry.value.content, items.isEmpty {
            problems.add("'steps' has no steps", at: entry.keyMark)
        }
        if items.count > JobSpec.stepsMax {
            problems.add(
                "\(items.count) steps; a job has at most \(JobSpec.stepsMax)",
                at: items[JobSpec.stepsMax].value.start
            )
        }
        return items.prefix(JobSpec.stepsMax).compactMap { item in
            var item = item
            item.key = "a step"
            return fields(item, in: .step).flatMap { step($0, defaults: defaults) }
        }
    }

    private mutating func step(_ fields: Fields, defaults: JobDefaults) -> StepDraft? {
        let name = fields[.name].flatMap { label($0) }
        let condition = fields[.condition].flatMap { self.condition($0) } ?? .success
        let timeout = fields[.timeout].flatMap { duration($0) }
        let allowFailure = fields[.allowFailure].flatMap { flag($0) } ?? false
        let ownImage = fields[.image].map { image($0) ?? .placeholder }
        let ownEnvironment = fields[.env].map { environment($0) } ?? [:]
        guard let (action, download) = action(fields) else { return nil }
        var spec = StepSpec(
            name: name ?? action.title,
            action: action,
            condition: condition,
            timeout: timeout,
            allowFailure: allowFailure
        )
        guard case .run = action else {
            for word in [Word.image, .env] {
                guard let entry = fields[word] else { continue }
                problems.add(
                    "'\(word.rawValue)' means nothing in a step that runs no commands",
                    at: entry.keyMark
                )
            }
            return StepDraft(spec: spec, download: download)
        }
        spec.image = ownImage ?? defaults.image
        spec.environment = merged(ownEnvironment, over: defaults.environment)
        if spec.image == nil {
            problems.add(
                "no image for this step",
                at: fields.mark,
                hint: "give 'image' to the step, the job or 'defaults'"
            )
        }
        return StepDraft(spec: spec, download: nil)
    }

    private mutating func action(_ fields: Fields) -> (StepAction, DownloadDraft?)? {
        let given = [Word.run, .download, .publish, .promote].compactMap { fields[$0] }
        guard let entry = given.first else {
            if fields.hasStrangers { return nil }
            problems.add(
                "this step does nothing",
                at: fields.mark,
                hint: "give it one of run, download, publish and promote"
            )
            return nil
        }
        for other in given.dropFirst() {
            problems.add(
                "\(quoted(entry.key)) and \(quoted(other.key)) in one step",
                at: other.keyMark,
                hint: "make it two steps"
            )
        }
        if fields[.run] != nil { return script(entry).map { (.run(script: $0), nil) } }
        if fields[.download] != nil { return download(entry) }
        if fields[.publish] != nil { return publish(entry).map { (.publish($0), nil) } }
        return promote(entry).map { ($0, nil) }
    }

    /// Commands, untouched: values reach them as environment variables, never as their text.
    private mutating func script(_ entry: Entry) -> String? {
        let items = items(entry)
        var lines: [String] = []
        for item in items {
            guard let line = text(item) else { return nil }
            guard !hasSubstitution(line) else {
                problems.add(
                    "'${{' in 'run': nothing is substituted in commands",
                    at: text.firstMark(of: "${{", from: item.value.start, to: item.value.end)
                        ?? item.value.start,
                    hint: "use an environment variable, such as \"$CI_COMMIT_SHA\""
                )
                return nil
            }
            lines.append(line)
        }
        let script = lines.joined(separator: "\n")
        guard script.utf8.contains(where: { $0 > 0x20 }) else {
            problems.add("'run' has no commands", at: entry.keyMark)
            return nil
        }
        return script
    }

    private mutating func download(_ entry: Entry) -> (StepAction, DownloadDraft?)? {
        guard let fields = fields(entry, in: .download) else { return nil }
        let job = fields[.job].flatMap { plainText($0) }
        let artifact = fields[.artifact].flatMap { name($0) }
        let folder = fields[.to].map { path($0) } ?? "."
        guard let job, let artifact, let folder else { return nil }
        return (
            .download(job: job, artifact: artifact, to: folder),
            DownloadDraft(
                job: job,
                jobMark: fields[.job]?.value.start ?? fields.mark,
                artifact: artifact,
                artifactMark: fields[.artifact]?.value.start ?? fields.mark
            )
        )
    }

    private mutating func publish(_ entry: Entry) -> PublishSpec? {
        guard let fields = fields(entry, in: .publish) else { return nil }
        let unit = fields[.unit].flatMap { name($0) }
        let version = fields[.version].flatMap { self.version($0) }
        let channel = fields[.channel].flatMap { name($0) }
        let notes = fields[.notes].flatMap { path($0) }
        guard let folder = fields[.from].flatMap({ path($0) }) else { return nil }
        return PublishSpec(
            unit: unit,
            from: folder,
            version: version,
            channel: channel,
            notes: notes
        )
    }

    private mutating func promote(_ entry: Entry) -> StepAction? {
        guard let fields = fields(entry, in: .promote) else { return nil }
        let unit = fields[.unit].flatMap { name($0) }
        return fields[.to].flatMap { name($0) }.map { .promote(unit: unit, channel: $0) }
    }
}

extension StepAction {
    /// What a step is called that has no name.
    var title: String {
        switch self {
        case .run(let script):
            let lines = script.split(whereSeparator: \.isNewline)
            let first = lines.first { line in line.utf8.contains { $0 > 0x20 } }
            return shortened(first.map(String.init) ?? "")
        case .download(let job, let artifact, _):
            return "download \(artifact) from \(shortened(job))"
        case .publish(let spec):
            return "publish \(spec.unit ?? spec.from)"
        case .promote(let unit, let channel):
            return "promote \(unit.map { "\($0) " } ?? "")to \(channel)"
        }
    }
}
