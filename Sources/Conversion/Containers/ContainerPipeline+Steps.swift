/// Steps and services: a container each.
extension ContainerPipeline {
    typealias Named = (name: String?, mark: Mark, node: YAMLNode)

    /// Steps run one after the other here, so each stands behind those it waits for.
    func inOrder(_ steps: [Named]) -> [Named] {
        var waiting = steps
        var ordered: [Named] = []
        let all = Set(steps.compactMap(\.name))
        var done: Set<String> = []
        while !waiting.isEmpty {
            let index = waiting.firstIndex { step in
                let needs = step.node["depends_on"]?.texts ?? []
                return needs.allSatisfy { done.contains($0) || !all.contains($0) }
            }
            // In a circle nobody is first; the order of the file is as good as any.
            let step = waiting.remove(at: index ?? 0)
            if let name = step.name { done.insert(name) }
            ordered.append(step)
        }
        return ordered
    }

    mutating func readStep(_ item: Named) {
        guard item.node.isMapping else { return }
        if item.node["detach"]?.flag == true { return readService(item) }
        var step = StepDraft()
        step.comments = source.comments(above: item.mark)
        step.name = item.name.map { shown($0, lengthMax: 90) }
        let commands = item.node["commands"]
        for pair in item.node.pairs { readKey(pair, hasCommands: commands != nil, &step) }
        if let commands {
            step.run = script(commands, at: item.mark, folder: item.node["directory"]?.text, &step)
            if step.run?.isEmpty ?? true { step.run = "true" }
        } else if step.with == nil {
            step.with = Mapping()
        }
        if step.image == nil {
            step.image = "debian:bookworm"
            let advice = "no image is named: this one is a guess"
            step.comments.append(
                remarks.add(.changed, "step '\(shown(item.name ?? ""))'", advice, at: item.mark)
            )
        }
        job.steps.append(step)
    }

    private mutating func readKey(_ pair: YAMLPair, hasCommands: Bool, _ step: inout StepDraft) {
        let value = pair.value
        switch pair.key {
        case "name", "commands", "depends_on", "pull", "group", "detach", "directory": return
        case "image": step.image = image(pair, &step.comments)
        case "when":
            if sharedWhen == nil {
                step.condition = condition(of: value, at: pair.mark, comments: &step.comments)
            }
        case "environment":
            step.environment = variables(value, secrets: &step.secrets)
        case "secrets":
            for secret in value.items {
                let from = (secret["source"] ?? secret).text ?? ""
                let target = secret["target"]?.text ?? from
                guard !from.isEmpty else { continue }
                step.secrets.append(SecretDraft(variable: target.variableName, from: from))
            }
        case "settings": readSettings(value, hasCommands: hasCommands, &step)
        case "failure": step.allowFailure = value.text == "ignore"
        case "privileged" where value.flag != true: return
        case "volumes":
            let advice = "steps share the workspace, and nothing of the worker"
            step.comments.append(lost(pair, advice))
        case "privileged":
            step.comments.append(lost(pair, "no step is privileged here"))
        case _ where !hasCommands && isLegacySetting(pair.key):
            // Before `settings` there were only keys of the step.
            let node = YAMLNode(content: .mapping([pair]), mark: pair.mark)
            readSettings(node, hasCommands: false, &step)
        case _: step.comments.append(lost(pair, "a step has no such setting"))
        }
    }

    private func isLegacySetting(_ key: String) -> Bool {
        root["pipeline"] != nil && !["entrypoint", "network_mode", "dns", "user"].contains(key)
    }

    mutating func lost(_ pair: YAMLPair, _ advice: String) -> String {
        remarks.add(.lost, "\(shown(pair.key)): \(shown(pair.value.flow))", advice, at: pair.mark)
    }

    private mutating func image(_ pair: YAMLPair, _ comments: inout [String]) -> String? {
        guard let name = pair.value.text else { return nil }
        let text = text(name)
        if !text.lost.isEmpty { comments.append(lost(pair, "write the image out")) }
        return text.lost.isEmpty ? text.text : nil
    }

    /// Variables, as a mapping or as a list of `NAME=value`, and the secrets among them.
    mutating func variables(_ node: YAMLNode, secrets: inout [SecretDraft]) -> Environment {
        var environment = Environment()
        var pairs = node.pairs
        for item in node.items where !item.isMapping {
            let parts = (item.text ?? "").pieces(at: "=")
            let value = parts.dropFirst().joined(separator: "=")
            pairs.append(
                YAMLPair(key: parts[0], mark: item.mark, value: .text(value, at: item.mark))
            )
        }
        for pair in pairs {
            let text = text(Self.setting(pair.value))
            let comments = source.comments(above: pair.mark)
            if !pair.key.isVariableName {
                environment.comments.append(lost(pair, "it is not the name of a variable"))
            } else if let secret = pair.value["from_secret"]?.text {
                secrets.append(SecretDraft(variable: pair.key, from: secret))
            } else if text.lost.isEmpty {
                environment.set(pair.key, text.text, comments: comments)
            } else {
                environment.comments.append(lost(pair, "set it in the commands"))
            }
        }
        return environment
    }

    /// Settings of a plug-in; what varies has to be a variable.
    private mutating func readSettings(
        _ node: YAMLNode,
        hasCommands: Bool,
        _ step: inout StepDraft
    ) {
        var with = step.with ?? Mapping()
        for pair in node.pairs {
            let variable = "PLUGIN_\(pair.key.variableName)"
            if let secret = pair.value["from_secret"]?.text {
                step.secrets.append(SecretDraft(variable: variable, from: secret))
                continue
            }
            let text = text(Self.setting(pair.value))
            let hasSecret = pair.value.flow.hasPart("from_secret")
            if hasSecret || !text.lost.isEmpty {
                let advice = hasSecret ? "a secret stands alone" : "write the value out"
                step.comments.append(lost(pair, advice))
            } else if hasCommands || text.text.hasPart("${{") {
                step.environment.set(variable, text.text)
            } else {
                with.set(pair.key, .text(text.text), comments: source.comments(above: pair.mark))
            }
        }
        step.with = with.isEmpty && hasCommands ? nil : with
    }

    /// As plug-ins read it: texts with commas between, everything else as JSON.
    private static func setting(_ node: YAMLNode) -> String {
        switch node.content {
        case .text(let text, _): return node.isNull ? "" : text
        case .list(let items) where items.allSatisfy({ !$0.isMapping && !$0.isList }):
            return items.map { $0.text ?? "" }.joined(separator: ",")
        case .list, .mapping: return json(node)
        }
    }

    private static func json(_ node: YAMLNode) -> String {
        switch node.content {
        case .text(let text, let isPlain):
            if node.isNull { return "null" }
            return isPlain && (Int(text) != nil || ["true", "false"].contains(text))
                ? text : quoted(text)
        case .list(let items): return "[" + items.map(json).joined(separator: ",") + "]"
        case .mapping(let pairs):
            let cells = pairs.map { "\(quoted($0.key)):\(json($0.value))" }
            return "{" + cells.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0..<0x20: bytes.append(UInt8(ascii: " "))
            case _: bytes.append(byte)
            }
        }
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }

    private mutating func script(
        _ node: YAMLNode,
        at mark: Mark,
        folder: String?,
        _ step: inout StepDraft
    ) -> String {
        var lines: [String] = []
        if let folder { lines.append("cd \(text(folder).text)") }
        for item in node.items {
            let above = item.mark.line > mark.line ? source.comments(above: item.mark) : []
            lines += above.map { "# \($0)" } + item.flatTexts.map(\.trimmedEnd)
        }
        // Two stood for one, because one was replaced before the shell saw it.
        let text = lines.joined(separator: "\n").replacing("$$", by: "$")
        let isDrone = system == .drone
        let (script, unknown) = Renaming.applied(
            to: text,
            isDrone ? Renaming.drone : Renaming.woodpecker,
            prefix: isDrone ? "DRONE_" : "WOODPECKER_"
        )
        let strangers = unknown.filter { step.environment[$0] == nil }
        if !strangers.isEmpty {
            let what = strangers.joined(separator: ", ")
            step.comments.append(remarks.add(.changed, what, "nobody sets it here", at: mark))
        }
        if Script.needsBash(script) { step.shell = "bash -e" }
        return script.utf8.contains { $0.isNewline } ? script + "\n" : script
    }

    mutating func readService(_ item: Named) {
        guard item.node.isMapping else { return }
        var service = ServiceDraft(name: FileName.safe(item.name ?? "service"), image: "")
        service.comments = source.comments(above: item.mark)
        var secrets: [SecretDraft] = []
        for pair in item.node.pairs {
            switch pair.key {
            case "name", "ports", "pull", "detach", "depends_on", "when": continue
            case "privileged" where pair.value.flag != true: continue
            case "image": service.image = image(pair, &service.comments) ?? ""
            case "environment": service.environment = variables(pair.value, secrets: &secrets)
            case _: service.comments.append(lost(pair, "a service runs as its image says"))
            }
        }
        for secret in secrets {
            let subject = "\(secret.variable) from secret \(secret.from)"
            let advice = "a service is given no secrets: write a password for the test"
            service.comments.append(remarks.add(.lost, subject, advice, at: item.mark))
        }
        if service.image.isEmpty {
            job.notes += service.comments
        } else {
            job.services.append(service)
        }
    }

    /// A text in which variables were replaced before anything read it.
    func text(_ text: String) -> (text: String, lost: [String]) {
        var result = ""
        var lost: [String] = []
        for piece in Variables.pieces(of: text) {
            switch piece {
            case .text(let text): result += text
            case .variable(let name, let rest):
                if rest.isEmpty, axes.contains(name) {
                    result += "${{ matrix.\(name) }}"
                } else if let ours = Self.expression(name, rest) {
                    result += "${{ \(ours) }}"
                } else {
                    lost.append(name)
                }
            }
        }
        return (result, lost)
    }

    /// Our expression for a variable, and for what is cut from it.
    private static func expression(_ variable: String, _ rest: String) -> String? {
        let name = variable.without(start: "DRONE_") ?? variable.without(start: "CI_") ?? ""
        switch (name, rest) {
        case ("COMMIT_SHA", ""), ("COMMIT", ""): return "sha"
        case ("COMMIT_SHA", _) where rest.hasStart(":"): return "short_sha"
        case ("COMMIT", _) where rest.hasStart(":"): return "short_sha"
        case ("COMMIT_BRANCH", ""), ("BRANCH", ""), ("COMMIT_SOURCE_BRANCH", ""): return "branch"
        case ("COMMIT_TAG", ""), ("TAG", ""): return "tag"
        case ("COMMIT_TAG", "##v"), ("COMMIT_TAG", "#v"), ("TAG", "##v"), ("TAG", "#v"),
            ("SEMVER", ""):
            return "semver"
        case ("COMMIT_REF", ""): return "ref"
        case ("REPO_DEFAULT_BRANCH", ""), ("REPO_BRANCH", ""): return "default_branch"
        case ("PIPELINE_NUMBER", ""), ("BUILD_NUMBER", ""): return "build"
        case ("PIPELINE_EVENT", ""), ("BUILD_EVENT", ""): return "event"
        case ("COMMIT_MESSAGE", ""): return "message"
        case ("COMMIT_AUTHOR", ""): return "author"
        case _: return nil
        }
    }
}
