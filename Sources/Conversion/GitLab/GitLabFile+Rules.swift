/// `rules`, `only` and `except`: when a job runs, and what starts the pipeline.
extension GitLabFile {
    mutating func condition(of node: YAMLNode, _ work: inout Work) -> Condition {
        var condition: Condition
        if let rules = node["rules"] {
            condition = holds(rules, &work)
        } else if node["only"] != nil || node["except"] != nil {
            condition = references(node["only"]) ?? .always
            if let except = references(node["except"]) {
                condition = .all([condition, .not(except)])
            }
            report(at: (node["only"] ?? node["except"])?.mark ?? node.mark, &work)
        } else {
            condition = .always
        }
        switch node["when"]?.text {
        case "manual": work.isManual = true
        case "always": condition = .all([.call("always", []), condition])
        case "on_failure": condition = .all([.call("failure", []), condition])
        case "never": condition = .never
        case "delayed":
            let advice = "'gate' waits for a person; nothing waits for a time"
            work.draft.notes.append(remarks.add(.lost, "when: delayed", advice, at: node.mark))
        case _: break
        }
        return condition
    }

    /// The first rule that fits decides.
    private mutating func holds(_ rules: YAMLNode, _ work: inout Work) -> Condition {
        var alternatives: [Condition] = []
        var refused: [Condition] = []
        for rule in rules.items where rule.isMapping {
            var parts: [Condition] = []
            if let text = rule["if"]?.text { parts.append(conditions.condition(text)) }
            if let changes = rule["changes"] {
                let paths = (changes["paths"] ?? changes).texts
                parts.append(.any(paths.map { .compare(.name("changed_files"), "=~", .text($0)) }))
            }
            if let exists = rule.pairs.first(where: { $0.key == "exists" }) {
                work.draft.notes.append(changed(exists, "test for the file in the commands"))
            }
            if let variables = rule.pairs.first(where: { $0.key == "variables" }) {
                work.draft.notes.append(lost(variables, "set them in the commands"))
            }
            var condition = Condition.all(parts)
            let whole = parts.isEmpty ? Condition.always : condition
            report(at: rule.mark, &work)
            switch rule["when"]?.text {
            case "never":
                refused.append(whole)
                continue
            case "manual": work.isManual = true
            case "always": condition = .all([.call("always", []), condition])
            case "on_failure": condition = .all([.call("failure", []), condition])
            case _: break
            }
            if rule["allow_failure"]?.flag == true { work.draft.allowFailure = .any }
            alternatives.append(.all(refused.map { .not($0) } + [condition]))
            if parts.isEmpty { break }
        }
        // A list of which nothing fits keeps the job out.
        return .any(alternatives)
    }

    private mutating func report(at mark: Mark, _ work: inout Work) {
        for what in conditions.takeUnknown() {
            let advice = "write what stands for it; as it is, this never holds"
            work.draft.notes.append(
                remarks.add(.lost, "rule with \(shown(what))", advice, at: mark)
            )
        }
    }

    /// `only` or `except`, as a list or with `refs`.
    private mutating func references(_ node: YAMLNode?) -> Condition? {
        guard let node else { return nil }
        var parts: [Condition] = []
        let names = node.isMapping ? node["refs"]?.texts ?? [] : node.texts
        if !names.isEmpty { parts.append(.any(names.map { reference($0) })) }
        if let changes = node["changes"]?.texts {
            parts.append(.any(changes.map { .compare(.name("changed_files"), "=~", .text($0)) }))
        }
        if let variables = node["variables"]?.texts {
            parts.append(.any(variables.map { conditions.condition($0) }))
        }
        return parts.isEmpty ? nil : .all(parts)
    }

    private mutating func reference(_ name: String) -> Condition {
        let name = name.pieces(at: "@").first ?? name
        switch name {
        case "branches": return .event("push")
        case "tags": return .event("tag")
        case "merge_requests", "external_pull_requests": return .event("pull_request")
        case "schedules": return .event("schedule")
        case "web", "api", "triggers", "chat": return .event("manual")
        case "pushes": return .events(["push", "tag"])
        case "pipelines", "pipeline": return .event("pipeline")
        case _ where name.hasStart("/"):
            let pattern = name.without(end: "/i") ?? name.without(end: "/") ?? name
            guard let glob = Pattern.glob(for: String(Substring(pattern.utf8.dropFirst()))) else {
                return conditions.condition("$\(name.variableName)")
            }
            return .any([
                .compare(.name("branch"), "=~", .text(glob)),
                .compare(.name("tag"), "=~", .text(glob)),
            ])
        case _: return .compare(.name("branch"), "==", .text(name))
        }
    }

    /// What starts the pipeline, as far as the workflow or the jobs' conditions say it.
    mutating func finishTriggers() {
        var events: Set<String> = []
        var branches: Set<String> = []
        if let rules = root["workflow"]?["rules"] {
            var work = Work(name: "", node: rules, draft: JobDraft(name: ""))
            var isCertain = true
            conditions.variables = []
            for rule in rules.items where rule["when"]?.text != "never" {
                guard let text = rule["if"]?.text else {
                    events = ["push", "tag", "pull_request"]
                    isCertain = false
                    continue
                }
                let condition = conditions.condition(text)
                report(at: rule.mark, &work)
                condition.simplified.collect(&events, &branches)
                if !condition.simplified.isOneWay { isCertain = false }
            }
            draft.triggerComments += work.draft.notes
            if !isCertain || branches.contains("") {
                let advice = "see that 'on' starts what is wanted, and nothing else"
                draft.triggerComments.append(
                    remarks.add(.changed, "workflow: rules", advice, at: rules.mark)
                )
            }
            if branches.contains("") { branches = [] }
        } else {
            events = ["push", "tag"]
            for job in draft.jobs { job.condition.simplified.collect(&events, &branches) }
            branches = []
            if events.contains("pull_request") { keepFromRequests() }
        }
        draft.triggers = triggers(events, branches)
    }

    /// Jobs without rules do not run for merge requests.
    private mutating func keepFromRequests() {
        for index in draft.jobs.indices {
            let node = jobs.first { $0.name == draft.jobs[index].name }?.node
            guard node?["rules"] == nil, node?["only"] == nil, node?["except"] == nil else {
                continue
            }
            draft.jobs[index].condition = .all([
                draft.jobs[index].condition, .not(.event("pull_request")),
            ])
        }
    }

    private mutating func triggers(_ events: Set<String>, _ branches: Set<String>) -> Mapping {
        var triggers = Mapping()
        if events.contains("push") {
            let push =
                branches.isEmpty ? Mapping() : Mapping(["branches": .texts(branches.sorted())])
            triggers.set("push", .mapping(push))
        }
        if events.contains("pull_request") { triggers.set("pull_request", .mapping(Mapping())) }
        if events.contains("tag") { triggers.set("tag", .texts(["*"])) }
        triggers.set("manual", .mapping(Mapping()))
        if events.contains("schedule") {
            draft.triggerComments.append(
                remarks.add(
                    .changed,
                    "schedules",
                    "they were settings there; here 'schedule: [{ cron: ... }]' is written",
                    at: root.mark
                )
            )
        }
        return triggers
    }
}

extension Condition {
    /// Whether 'on' can say it: an event, or a branch.
    fileprivate var isOneWay: Bool {
        switch self {
        case .compare: true
        case .all(let parts):
            parts.count == 2 && parts[0] == .compare(.name("event"), "!=", .text("pull_request"))
        case .constant, .text, .name, .call, .not, .any, .unknown: false
        }
    }

    /// The events and branches it speaks of; "" stands for a branch that is not written out.
    fileprivate func collect(_ events: inout Set<String>, _ branches: inout Set<String>) {
        switch self {
        case .compare(.name("event"), "==", .text(let event)): events.insert(event)
        case .compare(.name("event"), "in", _): events.insert("push")
        case .compare(.name("branch"), "==", .text(let branch)):
            events.insert("push")
            branches.insert(branch)
        case .compare(.name("branch"), _, _):
            events.insert("push")
            branches.insert("")
        case .compare(.name("tag"), _, _): events.insert("tag")
        case .all(let parts), .any(let parts):
            for part in parts { part.collect(&events, &branches) }
        case .compare, .constant, .text, .name, .call, .not, .unknown: break
        }
    }
}
