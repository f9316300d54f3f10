/// Scripts, and what jobs hand to each other.
extension GitLabFile {
    mutating func readScripts(_ node: YAMLNode, _ work: inout Work) {
        let mark = node["script"]?.mark ?? node.mark
        for download in downloads(node, work) { work.draft.steps.append(download) }
        if work.isManual {
            let gate = Mapping(["name": .text(shown(work.name, lengthMax: 60))])
            work.draft.steps.insert(StepDraft(action: ("gate", gate)), at: 0)
        }
        let before = lines(node["before_script"])
        let script = lines(node["script"])
        var step = work.main
        step.run = commands(before + script, at: mark, &step, work)
        work.draft.steps.append(step)
        let after = lines(node["after_script"])
        if !after.isEmpty {
            var step = StepDraft(name: "after", condition: .call("always", []))
            step.run = commands(after, at: mark, &step, work)
            work.draft.steps.append(step)
        }
    }

    /// The lines of a script, with the comments that stood above them.
    private func lines(_ node: YAMLNode?) -> [String] {
        guard let node else { return [] }
        return node.items.flatMap { item -> [String] in
            if item.isList { return lines(item) }
            let comments = item.mark.line > node.mark.line ? source.comments(above: item.mark) : []
            return comments.map { "# \($0)" } + item.texts
        }
    }

    private mutating func commands(
        _ lines: [String],
        at mark: Mark,
        _ step: inout StepDraft,
        _ work: Work
    ) -> String {
        let text = lines.map(\.trimmedEnd).joined(separator: "\n")
        let (script, _) = Renaming.applied(to: text, Renaming.gitlab, prefix: "CI_JOB_TOKEN")
        let strangers = Self.foreignVariables.filter { script.hasPart($0) }
        if !strangers.isEmpty {
            step.comments.append(
                remarks.add(
                    .changed,
                    strangers.joined(separator: ", "),
                    "nobody sets it here",
                    at: mark
                )
            )
        }
        addSecrets(script, at: mark, &step, work)
        if Script.needsBash(script) { step.shell = "bash -e" }
        return lines.count > 1 || script.utf8.contains { $0.isNewline } ? script + "\n" : script
    }

    private static let foreignVariables = [
        "CI_JOB_TOKEN", "CI_REGISTRY", "CI_PAGES", "CI_API_V4_URL", "CI_COMMIT_REF_SLUG",
        "CI_JOB_STAGE", "CI_SERVER_HOST", "CI_PROJECT_ID", "CI_PROJECT_NAME",
        "CI_PROJECT_NAMESPACE", "CI_MERGE_REQUEST_LABELS", "CI_DEPENDENCY_PROXY", "GITLAB_USER",
        "CI_COMMIT_BEFORE_SHA", "CI_BUILDS_DIR", "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    ]

    /// Variables of a project's settings are secrets here, which a step has to name.
    private mutating func addSecrets(
        _ script: String,
        at mark: Mark,
        _ step: inout StepDraft,
        _ work: Work
    ) {
        for piece in Variables.pieces(of: script) {
            guard case .variable(let name, _) = piece, Self.looksSecret(name),
                draft.environment[name] == nil, work.draft.environment[name] == nil,
                !script.hasPart("\(name)="), !name.hasStart("CI_"),
                !step.secrets.contains(where: { $0.variable == name }), step.secrets.count < 20
            else { continue }
            step.secrets.append(SecretDraft(variable: name, from: name))
            step.comments.append(
                remarks.add(
                    .changed,
                    name,
                    "nothing in the file sets it, so it is taken for a secret",
                    at: mark
                )
            )
        }
    }

    private static func looksSecret(_ name: String) -> Bool {
        let isUpper = name.utf8.allSatisfy { $0.uppercased == $0 }
        return isUpper
            && ["TOKEN", "PASSWORD", "PASSWD", "SECRET", "PRIVATE_KEY", "API_KEY", "CREDENTIALS"]
                .contains { name.hasPart($0) }
    }

    mutating func readArtifacts(_ node: YAMLNode, _ work: inout Work) {
        var paths: [String] = []
        for path in node["paths"]?.items ?? [] {
            let plain = Self.pattern(ForeignPath.plain(path.text ?? ""), known: draft.environment)
            if ForeignPath.isInside(plain), !plain.hasStart("*") {
                paths.append(plain)
            } else {
                let advice = "artifacts are files of the workspace, written out"
                work.draft.artifactComments.append(
                    remarks.add(
                        .lost,
                        "artifact path \(shown(path.text ?? ""))",
                        advice,
                        at: path.mark
                    )
                )
            }
        }
        for pair in node.pairs {
            switch pair.key {
            case "paths", "name", "expire_in", "when", "expose_as", "public": continue
            case "reports":
                for report in pair.value.pairs { readReport(report, &work) }
            case _:
                work.draft.artifactComments.append(lost(pair, "name the paths that are kept"))
            }
        }
        guard !paths.isEmpty else {
            work.draft.notes += work.draft.artifactComments
            work.draft.artifactComments = []
            kept[work.name] = []
            return
        }
        var artifact = Mapping([
            "name": .text(Self.artifactName(of: work.name)), "paths": .texts(paths),
        ])
        if let time = node["expire_in"]?.text.flatMap({ GitLabTime.span($0) }) {
            artifact.set("expire_in", .word(time))
        }
        switch node["when"]?.text {
        case "always": artifact.set("when", .word("always"))
        case "on_failure": artifact.set("when", .word("failure"))
        case _: break
        }
        work.draft.artifacts.append(artifact)
    }

    /// A path in which a pattern stands for what varies.
    private static func pattern(_ path: String, known: Environment) -> String {
        var pattern = ""
        for piece in Variables.pieces(of: path) {
            switch piece {
            case .text(let text): pattern += text
            case .variable(let name, _):
                let value = known[name] ?? "*"
                pattern += value.hasPart("$") ? "*" : value
            }
        }
        return pattern
    }

    private mutating func readReport(_ pair: YAMLPair, _ work: inout Work) {
        switch pair.key {
        case "junit": work.draft.junit += pair.value.texts.map { ForeignPath.plain($0) }
        case "dotenv":
            work.draft.notes.append(
                lost(pair, "write the lines to $CI_OUTPUT: needs.JOB.outputs has them")
            )
        case _:
            work.draft.notes.append(lost(pair, "keep the file as an artifact"))
        }
    }

    mutating func readCache(_ node: YAMLNode, _ work: inout Work) {
        guard node.isMapping else { return }
        let paths = (node["paths"]?.texts ?? []).map {
            ForeignPath.plain(GitLabText.value($0, known: draft.environment).text)
        }
        let inside = paths.filter { ForeignPath.isInside($0) && !$0.hasPart("$") }
        if inside.count < paths.count || (paths.isEmpty && node["untracked"] != nil) {
            let advice = "a cache holds folders of the workspace, written out"
            work.draft.cacheComments.append(
                remarks.add(.lost, "cache \(shown(node.flow))", advice, at: node.mark)
            )
        }
        guard !inside.isEmpty else { return }
        var key = "default"
        if let files = node["key"]?["files"]?.texts, !files.isEmpty {
            let list = files.map { Condition.text($0).rendered }.joined(separator: ", ")
            key = "${{ hash(\(list)) }}"
            if let prefix = node["key"]?["prefix"]?.text {
                key =
                    GitLabText.value(prefix, matrix: work.axes, known: draft.environment).text + "-"
                    + key
            }
        } else if let text = node["key"]?.text {
            // A job's own name cannot be asked for, but it is known.
            let named = text.replacing("$CI_JOB_NAME", by: FileName.safe(work.name))
                .replacing("${CI_JOB_NAME}", by: FileName.safe(work.name))
            key = GitLabText.value(named, matrix: work.axes, known: draft.environment).text
        }
        var cache = Mapping(["key": .text(key)])
        let fallback = node["fallback_keys"]?.texts ?? []
        if !fallback.isEmpty {
            let keys = fallback.map { GitLabText.value($0, known: draft.environment).text }
            cache.set("restore", .texts(keys))
        }
        cache.set("paths", .texts(inside))
        work.draft.cache.append(cache)
    }
}
