/// `when` of Woodpecker, `trigger` and `when` of Drone.
extension ContainerPipeline {
    /// Whether a step runs; one of several sets of constraints has to hold.
    mutating func condition(
        of node: YAMLNode,
        at mark: Mark,
        comments: inout [String]
    ) -> Condition {
        var alternatives: [Condition] = []
        for entry in node.items {
            alternatives.append(constraint(entry, comments: &comments))
        }
        return alternatives.isEmpty ? .success : .any(alternatives)
    }

    private mutating func constraint(_ node: YAMLNode, comments: inout [String]) -> Condition {
        var parts: [Condition] = []
        let events = ContainerTriggers.events(node["event"])
        for pair in node.pairs {
            switch pair.key {
            case "event": parts.append(.events(events.map(\.rawValue)))
            case "branch":
                let branch = Patterns(pair.value).condition(on: "branch")
                let isForTags = events.contains(.tag)
                parts.append(isForTags ? .any([.event("tag"), branch]) : branch)
            case "ref": parts.append(Patterns(pair.value).condition(on: "ref"))
            case "path": parts.append(paths(pair.value))
            case "status": parts.append(status(pair.value))
            case "cron":
                parts.append(.event("schedule"))
                if !pair.value.texts.isEmpty {
                    let advice = "schedules have no names: write 'schedule' in 'on'"
                    comments.append(
                        remarks.add(
                            .changed,
                            "cron: \(shown(pair.value.flow))",
                            advice,
                            at: pair.mark
                        )
                    )
                }
            case "matrix":
                for cell in pair.value.pairs {
                    let text = Condition.text(cell.value.text ?? "")
                    parts.append(.compare(.name("matrix.\(cell.key)"), "==", text))
                }
            case "target", "environment":
                hasTargets = true
                parts.append(Patterns(pair.value).condition(on: "inputs.target"))
            case "repo", "instance", "local", "platform", "action": continue
            case "evaluate": parts.append(evaluate(pair, comments: &comments))
            case _:
                comments.append(
                    lost(pair, "write an 'if' that says it; as it is, this never holds")
                )
                parts.append(.unknown)
            }
        }
        return .all(parts)
    }

    private func paths(_ node: YAMLNode) -> Condition {
        let patterns = Patterns(node)
        let any = { (globs: [String]) in
            Condition.any(globs.map { .compare(.name("changed_files"), "=~", .text($0)) })
        }
        if patterns.wanted.isEmpty {
            return patterns.unwanted.isEmpty ? .always : .not(any(patterns.unwanted))
        }
        return any(patterns.wanted)
    }

    private func status(_ node: YAMLNode) -> Condition {
        let words = Set(node.texts)
        if words.isSuperset(of: ["success", "failure"]) { return .call("always", []) }
        return words.contains("failure") ? .call("failure", []) : .always
    }

    private mutating func evaluate(_ pair: YAMLPair, comments: inout [String]) -> Condition {
        let text = pair.value.text ?? ""
        if let expression = ForeignExpressionParser.parse(text, .woodpecker),
            let condition = Evaluation.condition(expression)
        {
            return condition
        }
        comments.append(lost(pair, "write an 'if' that says it; as it is, this never holds"))
        return .unknown
    }

    /// Where all steps have one `when` and the file has none, it is the file's.
    mutating func takeSharedWhen() {
        guard system == .woodpecker, root["when"] == nil else { return }
        let whens = stepNodes.map { $0.node["when"] }
        guard let first = whens.first ?? nil, whens.count > 1,
            whens.allSatisfy({ $0?.flow == first.flow }),
            first.items.allSatisfy({ $0["status"] == nil && $0["matrix"] == nil })
        else { return }
        sharedWhen = first
    }

    /// The sets of constraints that say what starts the pipeline.
    var triggerEntries: [YAMLNode]? {
        (sharedWhen ?? root["when"] ?? root["trigger"])?.items
            ?? root["branches"].map { branches in
                [
                    YAMLNode(
                        content: .mapping([
                            YAMLPair(key: "branch", mark: branches.mark, value: branches)
                        ]),
                        mark: branches.mark
                    )
                ]
            }
    }

    /// Says in `on` what starts the pipeline.
    mutating func useTriggers() {
        var triggers = ContainerTriggers()
        if let entries = triggerEntries {
            triggers.add(entries)
            noteUnusual(entries)
            draft.triggers = triggers.mapping
        } else if stepNodes.contains(where: { $0.node["when"]?.flow.hasPart("tag") ?? false }) {
            draft.triggers = ContainerTriggers.usual
        }
        if hasTargets {
            draft.triggers = draft.triggers ?? ContainerTriggers.usual
            draft.triggers?.askForTarget()
        }
        guard let first = dependencies.first else { return }
        let names = dependencies.compactMap { ($0["name"] ?? $0).text }
        if names.count > 1 {
            let subject = "depends_on: \(shown(names.joined(separator: ", ")))"
            let advice = "a pipeline follows one other: make them jobs of one file, with 'needs'"
            draft.triggerComments.append(remarks.add(.lost, subject, advice, at: first.mark))
        }
        if let name = names.first {
            draft.triggerComments.append(
                remarks.add(
                    .changed,
                    "depends_on: \(shown(name))",
                    "it starts on whatever that pipeline was started by",
                    at: first.mark
                )
            )
            let after = Mapping(["name": .text(name), "result": .word("success")])
            draft.triggers = Mapping(["pipeline": .mapping(after)])
        }
    }

    /// Says in the job's `if` when it runs, and in its needs what it waits for.
    mutating func useTriggersAsCondition(among names: [String]) {
        var comments: [String] = []
        if let entries = triggerEntries {
            let node = YAMLNode(content: .list(entries), mark: root.mark)
            let condition = condition(of: node, at: root.mark, comments: &comments)
            job.condition = .all([job.condition, condition])
        }
        job.notes += comments
        for dependency in dependencies {
            let name = FileName.safe((dependency["name"] ?? dependency).text ?? "")
            let known = name == "default" ? "main" : name
            if names.contains(known) { job.needs.append(.text(known)) }
        }
    }

    private mutating func noteUnusual(_ entries: [YAMLNode]) {
        let usual = [
            "event", "branch", "path", "ref", "repo", "instance", "platform", "local", "action",
            "cron", "target", "environment",
        ]
        for entry in entries {
            for pair in entry.pairs where !usual.contains(pair.key) {
                draft.triggerComments.append(lost(pair, "write an 'if' for the jobs that says it"))
            }
            if let branch = entry.pairs.first(where: { $0.key == "branch" }),
                branch.value.flow.hasPart("${")
            {
                let advice = "write the name of the branch under 'branches'"
                draft.triggerComments.append(lost(branch, advice))
            }
            let events = entry["event"].map { ($0["include"] ?? $0).texts } ?? []
            for event in events where ContainerTriggers.Event(event) == nil {
                let advice = "a push, pull request, tag, schedule or person can start it"
                draft.triggerComments.append(
                    remarks.add(.lost, "event \(shown(event))", advice, at: entry.mark)
                )
            }
            if events.contains("cron") {
                let advice =
                    "when it is, was a setting there; here it is 'schedule: [{ cron: ... }]'"
                draft.triggerComments.append(
                    remarks.add(.changed, "event cron", advice, at: entry.mark)
                )
            }
        }
    }
}

/// Woodpecker's `evaluate` in our words.
private enum Evaluation {
    static func condition(_ expression: ForeignExpression) -> Condition? {
        switch expression {
        case .binary("&&", let left, let right):
            return both(condition(left), condition(right)).map { .all([$0.0, $0.1]) }
        case .binary("||", let left, let right):
            return both(condition(left), condition(right)).map { .any([$0.0, $0.1]) }
        case .not(let inner): return condition(inner).map { .not($0) }
        case .binary("=~", _, _): return nil
        case .binary(let sign, let left, let right):
            return both(value(left), value(right)).map { one, other in
                switch sign {
                case "contains", "startsWith", "endsWith": .call(sign, [one, other])
                case _: .compare(one, sign, other)
                }
            }
        case .text, .number, .name, .variable, .pattern, .list, .call: return nil
        }
    }

    private static func both<Part>(_ left: Part?, _ right: Part?) -> (Part, Part)? {
        guard let left, let right else { return nil }
        return (left, right)
    }

    private static func value(_ expression: ForeignExpression) -> Condition? {
        switch expression {
        case .text(let text): return .text(text)
        case .list(let items):
            let texts = items.compactMap { value($0)?.rendered }
            return texts.count == items.count ? .name("[\(texts.joined(separator: ", "))]") : nil
        case .name(let words): return names[words.joined(separator: ".")].map { .name($0) }
        case .number, .variable, .pattern, .call, .not, .binary: return nil
        }
    }

    private static let names = [
        "CI_COMMIT_MESSAGE": "message", "CI_COMMIT_AUTHOR": "author", "CI_COMMIT_BRANCH": "branch",
        "CI_COMMIT_TAG": "tag", "CI_PIPELINE_EVENT": "event", "CI_COMMIT_REF": "ref",
        "CI_COMMIT_SHA": "sha", "CI_REPO_DEFAULT_BRANCH": "default_branch",
    ]
}
