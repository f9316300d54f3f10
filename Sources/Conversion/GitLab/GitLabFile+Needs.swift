/// Stages and `needs`: which jobs a job waits for, and whose artifacts it takes.
extension GitLabFile {
    mutating func readNeeds(_ node: YAMLNode, _ work: inout Work) {
        guard let needs = node.pairs.last(where: { $0.key == "needs" }) else {
            work.draft.needs = previous(to: node).map { .text($0) }
            return
        }
        let names = Set(jobs.filter { Self.isKept($0.node) }.map(\.name))
        for need in needs.value.items {
            guard let name = (need["job"] ?? need).text, need["pipeline"] == nil,
                need["project"] == nil
            else {
                let advice = "a job waits for jobs of its own pipeline"
                work.draft.notes.append(
                    remarks.add(.lost, "needs \(shown(need.flow))", advice, at: need.mark)
                )
                continue
            }
            let isOptional = need["optional"]?.flag == true
            guard names.contains(name), name != work.name else {
                if !isOptional {
                    let advice = "no job of this file is called so"
                    work.draft.notes.append(
                        remarks.add(.lost, "needs \(shown(name))", advice, at: need.mark)
                    )
                }
                continue
            }
            let soft = Tree.mapping(Mapping(["job": .text(name), "optional": .flag(true)]))
            let tree = isOptional ? soft : .text(name)
            if !work.draft.needs.contains(tree) { work.draft.needs.append(tree) }
        }
    }

    /// Whether a job has something to run here.
    static func isKept(_ node: YAMLNode) -> Bool {
        node["trigger"] == nil && (node["script"] != nil || node["run"] != nil)
    }

    private func stage(of node: YAMLNode) -> Int {
        stages.firstIndex(of: node["stage"]?.text ?? "test") ?? stages.count - 1
    }

    /// The jobs of the last stage before a job's own that has any.
    private func previous(to node: YAMLNode) -> [String] {
        let own = stage(of: node)
        let earlier = jobs.filter { Self.isKept($0.node) }
            .map { (name: $0.name, stage: stage(of: $0.node)) }
            .filter { $0.stage < own }
        guard let last = earlier.map(\.stage).max() else { return [] }
        return earlier.filter { $0.stage == last }.map(\.name)
    }

    /// The artifacts that GitLab hands to a job without being asked.
    func downloads(_ node: YAMLNode, _ work: Work) -> [StepDraft] {
        let givers: [String]
        if let dependencies = node["dependencies"] {
            givers = dependencies.texts
        } else if let needs = node["needs"] {
            givers = needs.items.filter { $0["artifacts"]?.flag != false }
                .compactMap { ($0["job"] ?? $0).text }
        } else {
            let own = stage(of: node)
            givers = jobs.filter { stage(of: $0.node) < own }.map(\.name)
        }
        guard givers.contains(where: { !(kept[$0] ?? []).isEmpty }) else { return [] }
        let reachable = needed(by: work)
        return givers.filter { reachable.contains($0) }.flatMap { giver in
            (kept[giver] ?? []).map { artifact in
                StepDraft(
                    action: (
                        "download", Mapping(["job": .text(giver), "artifact": .text(artifact)])
                    )
                )
            }
        }
    }

    /// Every job that has ended before one begins.
    private func needed(by work: Work) -> Set<String> {
        var found: Set<String> = []
        var open = work.draft.needs.compactMap(Self.name)
        while let name = open.popLast() {
            guard found.insert(name).inserted else { continue }
            open += (waited[name] ?? []).filter { !found.contains($0) }
        }
        return found
    }

    /// What each job waits for, wherever in the file it stands.
    mutating func readWaits() {
        for job in jobs {
            waited[job.name] =
                job.node["needs"]?.items.compactMap { ($0["job"] ?? $0).text }
                ?? previous(to: job.node)
        }
    }

    private static func name(of need: Tree) -> String? {
        switch need {
        case .text(let name): return name
        case .mapping(let mapping):
            guard case .text(let name)? = mapping.entries.first?.value else { return nil }
            return name
        case .word, .list: return nil
        }
    }
}
