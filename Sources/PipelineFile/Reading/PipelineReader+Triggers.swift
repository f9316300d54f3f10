import Core

/// The `on` key.
extension PipelineReader {
    mutating func triggers(_ entry: Entry) -> Triggers {
        var triggers = Triggers()
        let known = problems.list.count
        switch entry.value.content {
        case .mapping:
            guard let fields = fields(entry, in: .triggers) else { return triggers }
            read(fields, into: &triggers)
        case .scalar, .sequence:
            for item in items(entry) { add(item, to: &triggers) }
        }
        if triggers == Triggers(), problems.list.count == known {
            problems.add(
                "nothing starts this pipeline",
                at: entry.keyMark,
                hint: "name what does: \(Place.triggers.keysListed); a file that others take "
                    + "with 'uses' needs no 'on'"
            )
        }
        return triggers
    }

    private mutating func read(_ fields: Fields, into triggers: inout Triggers) {
        if let entry = fields[.push] { triggers.push = push(entry) }
        if let entry = fields[.pullRequest] { triggers.pullRequest = pullRequest(entry) }
        if let entry = fields[.tag] { triggers.tags = tags(entry) }
        if let entry = fields[.schedule] {
            triggers.schedules = schedules(entry)
        }
        if let entry = fields[.pipeline], let fields = self.fields(entry, in: .afterPipeline) {
            triggers.pipelines = [afterPipeline(fields)]
        }
        if let entry = fields[.manual] { triggers.manual = manual(entry) }
    }

    /// The short forms: `on: push` and `on: [push, manual]`.
    private mutating func add(_ item: Entry, to triggers: inout Triggers) {
        guard let word = text(item) else { return }
        switch word {
        case "push": triggers.push = PushTrigger()
        case "pull_request": triggers.pullRequest = PullRequestTrigger()
        case "tag": triggers.tags = GlobList([])
        case "manual": triggers.manual = ManualTrigger()
        case "schedule", "pipeline":
            problems.add(
                "\(quoted(word)) needs to be told more",
                at: item.value.start,
                hint: word == "schedule"
                    ? "write 'on: { schedule: [{ cron: \"30 2 * * *\" }] }'"
                    : "write 'on: { pipeline: { name: NAME } }'"
            )
        case _: refuse(word, at: item.value.start, in: .triggers)
        }
    }

    private mutating func push(_ entry: Entry) -> PushTrigger {
        guard !entry.value.isNull, let fields = fields(entry, in: .push) else {
            return PushTrigger()
        }
        return PushTrigger(
            branches: fields[.branches].map { patterns($0) } ?? GlobList([]),
            paths: fields[.paths].map { patterns($0) } ?? GlobList([]),
            pathsMode: fields[.pathsMode].flatMap { choice($0, PathsMode.self) }
        )
    }

    private mutating func pullRequest(_ entry: Entry) -> PullRequestTrigger {
        guard !entry.value.isNull, let fields = fields(entry, in: .pullRequest) else {
            return PullRequestTrigger()
        }
        return PullRequestTrigger(
            branches: fields[.branches].map { patterns($0) } ?? GlobList([]),
            paths: fields[.paths].map { patterns($0) } ?? GlobList([])
        )
    }

    private mutating func tags(_ entry: Entry) -> GlobList {
        if entry.value.isNull { return GlobList([]) }
        if case .scalar(text: "true", .plain) = entry.value.content {
            problems.add(
                "'tag' must be a pattern, or nothing for any tag",
                at: entry.value.start,
                hint: "write 'tag:' alone"
            )
        }
        return patterns(entry)
    }

    private mutating func afterPipeline(_ fields: Fields) -> PipelineTrigger {
        PipelineTrigger(
            name: fields[.name].flatMap { label($0) } ?? "",
            result: fields[.result].flatMap { choice($0, BuildResult.self) } ?? .success
        )
    }

    private mutating func manual(_ entry: Entry) -> ManualTrigger {
        if entry.value.isNull { return ManualTrigger() }
        guard case .mapping = entry.value.content else {
            mistyped(
                entry,
                "empty or a mapping",
                hint: "write 'manual:' alone, or 'inputs' below it"
            )
            return ManualTrigger()
        }
        let fields = fields(entry, in: .manual)
        return ManualTrigger(inputs: fields?[.inputs].map { inputs($0) } ?? [])
    }

    /// A text that is understood later, with its place.
    mutating func locatedText(_ entry: Entry) -> Located<String>? {
        plainText(entry).map { Located($0, at: mark(of: entry.value)) }
    }
}
