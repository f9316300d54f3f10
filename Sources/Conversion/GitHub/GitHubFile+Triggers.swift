/// `on`: what starts a workflow.
extension GitHubFile {
    mutating func readTriggers() {
        // YAML 1.1 reads the key 'on' as true; both spellings are met.
        guard let pair = root.pairs.first(where: { $0.key == "on" || $0.key == "true" }) else {
            return
        }
        var triggers = Mapping()
        let events: [(name: String, mark: Mark, value: YAMLNode)] =
            pair.value.isMapping
            ? pair.value.pairs.map { ($0.key, $0.mark, $0.value) }
            : pair.value.items.compactMap { item in
                item.text.map { ($0, item.mark, .text("", at: item.mark)) }
            }
        for event in events { read(event.name, event.value, at: event.mark, into: &triggers) }
        if triggers.isEmpty, draft.inputs == nil {
            triggers.set("manual", .mapping(Mapping()))
        }
        names.hasTags = triggers.entries.contains { $0.key == "tag" }
        names.hasOnlyTags = names.hasTags && !triggers.entries.contains { $0.key == "push" }
        draft.triggers = triggers
    }

    private mutating func read(
        _ event: String,
        _ value: YAMLNode,
        at mark: Mark,
        into triggers: inout Mapping
    ) {
        switch event {
        case "push": readPush(value, into: &triggers)
        case "pull_request", "pull_request_target": readPullRequest(event, value, mark, &triggers)
        case "schedule":
            let items = value.items.compactMap { $0["cron"]?.text }.map { cron in
                Tree.mapping(Mapping(["cron": .text(cron)]))
            }
            if !items.isEmpty { triggers.set("schedule", .list(items)) }
        case "workflow_dispatch":
            var manual = Mapping()
            let inputs = inputs(value["inputs"])
            if !inputs.isEmpty { manual.set("inputs", .mapping(inputs)) }
            triggers.set("manual", .mapping(manual))
        case "workflow_call":
            draft.inputs = inputs(value["inputs"])
            if draft.inputs?.isEmpty ?? true { draft.inputs = Mapping() }
        case "release", "create":
            noteTrigger(.changed, event, "a release begins with a tag: a tag starts it", mark)
            setTag([], &triggers)
        case "workflow_run": readPipeline(value, mark, &triggers)
        case _:
            noteTrigger(
                .lost,
                event,
                "a push, pull request, tag, schedule or person can start it",
                mark
            )
        }
    }

    private mutating func noteTrigger(
        _ kind: Remark.Kind,
        _ event: String,
        _ advice: String,
        _ mark: Mark
    ) {
        draft.triggerComments.append(remarks.add(kind, shown(event), advice, at: mark))
    }

    private mutating func readPush(_ value: YAMLNode, into triggers: inout Mapping) {
        let tags = patterns(value["tags"], without: value["tags-ignore"])
        let branches = patterns(value["branches"], without: value["branches-ignore"])
        let paths = patterns(value["paths"], without: value["paths-ignore"])
        if !branches.isEmpty || tags.isEmpty {
            var push = Mapping()
            if !branches.isEmpty, branches != ["**"] { push.set("branches", .texts(branches)) }
            if !paths.isEmpty { push.set("paths", .texts(paths)) }
            triggers.set("push", .mapping(push))
        }
        if !tags.isEmpty { setTag(tags, &triggers) }
    }

    private func setTag(_ patterns: [String], _ triggers: inout Mapping) {
        guard !triggers.entries.contains(where: { $0.key == "tag" }) else { return }
        triggers.set("tag", .texts(patterns.isEmpty ? ["*"] : patterns))
    }

    private func patterns(_ wanted: YAMLNode?, without: YAMLNode?) -> [String] {
        if let wanted { return wanted.texts }
        let ignored = without?.texts ?? []
        return ignored.isEmpty ? [] : ["**"] + ignored.map { "!\($0)" }
    }

    private mutating func readPullRequest(
        _ event: String,
        _ value: YAMLNode,
        _ mark: Mark,
        _ triggers: inout Mapping
    ) {
        let usual = ["opened", "synchronize", "reopened", "ready_for_review"]
        let types = value["types"]?.texts ?? []
        let unusual = types.filter { !usual.contains($0) }
        if !unusual.isEmpty {
            let advice = "a pull request starts a build when it is opened or gets new commits"
            let kind: Remark.Kind = unusual.count == types.count ? .lost : .changed
            noteTrigger(kind, "\(event) types \(unusual.joined(separator: ", "))", advice, mark)
            if kind == .lost { return }
        }
        if event == "pull_request_target" {
            let advice = "a build of a pull request has what the server's policy gives it"
            noteTrigger(.changed, event, advice, mark)
        }
        guard !triggers.entries.contains(where: { $0.key == "pull_request" }) else { return }
        var request = Mapping()
        let branches = patterns(value["branches"], without: value["branches-ignore"])
        let paths = patterns(value["paths"], without: value["paths-ignore"])
        if !branches.isEmpty, branches != ["**"] { request.set("branches", .texts(branches)) }
        if !paths.isEmpty { request.set("paths", .texts(paths)) }
        triggers.set("pull_request", .mapping(request))
    }

    private mutating func readPipeline(
        _ value: YAMLNode,
        _ mark: Mark,
        _ triggers: inout Mapping
    ) {
        let others = value["workflows"]?.texts ?? []
        guard let first = others.first else { return }
        if others.count > 1 {
            let advice = "a pipeline follows one other"
            noteTrigger(
                .lost,
                "workflow_run of \(shown(others.dropFirst().joined(separator: ", ")))",
                advice,
                mark
            )
        }
        triggers.set(
            "pipeline",
            .mapping(Mapping(["name": .text(first), "result": .word("success")]))
        )
    }

    /// Inputs of a person's build or of a file that others use.
    private mutating func inputs(_ node: YAMLNode?) -> Mapping {
        var inputs = Mapping(isBlock: true)
        for pair in node?.pairs ?? [] {
            var input = Mapping()
            let type = pair.value["type"]?.text ?? "string"
            switch type {
            case "boolean":
                names.flagInputs.insert(pair.key)
                input.set("type", .word("boolean"))
            case "number": input.set("type", .word("number"))
            case "choice":
                input.set("type", .word("choice"))
                input.set("options", .texts(pair.value["options"]?.texts ?? []))
            case _: break
            }
            if let value = pair.value["default"], let text = value.text, !text.isEmpty {
                let isWord = type == "boolean" || type == "number"
                input.set("default", isWord ? .word(text) : .text(text))
            }
            if pair.value["required"]?.flag == true { input.set("required", .flag(true)) }
            if let text = pair.value["description"]?.text {
                input.set("description", .text(shown(text, lengthMax: 90)))
            }
            let name = pair.key.replacing("-", by: "_")
            if name.isVariableName { inputs.set(name, .mapping(input)) }
        }
        return inputs
    }
}
