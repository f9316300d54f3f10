/// `steps`: commands, and actions that have an equal.
extension GitHubFile {
    mutating func readStep(_ node: YAMLNode, _ job: inout GitHubJob) {
        guard node.isMapping else { return }
        var step = StepDraft()
        step.comments = source.comments(above: node.mark)
        if let name = node["name"]?.text {
            let text = template(name)
            step.name = shown(text.text.trimmed, lengthMax: 90)
            if step.name?.isEmpty ?? true { step.name = nil }
        }
        let count = remarks.list.count
        if let condition = node["if"] {
            step.condition = self.condition(condition, at: condition.mark, comments: &step.comments)
        }
        if step.condition.simplified == .never, remarks.list.count == count {
            // It ran on other machines only.
            let title = step.name ?? node["run"]?.text ?? node["uses"]?.text ?? ""
            let subject = "step '\(shown(title))' (if: \(shown(node["if"]?.text ?? "")))"
            job.pending.append(
                remarks.add(
                    .changed,
                    subject,
                    "it would never run here, and is left out",
                    at: node.mark
                )
            )
            return
        }
        for pair in node.pairs { readKey(pair, &step) }
        if let run = node["run"]?.text {
            readCommands(run, node, &step, &job)
            place(step, of: node, &job)
        } else if let uses = node["uses"] {
            readAction(uses.text ?? "", node, step, &job)
        }
    }

    /// Adds a step; its id is how others refer to it.
    func place(_ step: StepDraft, of node: YAMLNode, _ job: inout GitHubJob) {
        if let id = node["id"]?.text { job.places[id] = job.draft.steps.count }
        job.add(step)
    }

    private mutating func readKey(_ pair: YAMLPair, _ step: inout StepDraft) {
        switch pair.key {
        case "name", "if", "uses", "with", "run", "id", "env", "shell", "working-directory": return
        case "continue-on-error":
            if let flag = pair.value.flag {
                step.allowFailure = flag
            } else {
                step.comments.append(lostVariable(pair, "'allow_failure' is true or false"))
            }
        case "timeout-minutes": step.timeout = minutes(pair, &step.comments)
        case _: step.comments.append(lostVariable(pair, "nothing here is like it"))
        }
    }

    /// `run`, with its variables and what they need.
    private mutating func readCommands(
        _ run: String,
        _ node: YAMLNode,
        _ step: inout StepDraft,
        _ job: inout GitHubJob
    ) {
        var lead: [String] = []
        if let folder = node["working-directory"]?.text ?? job.folder {
            lead.append("cd \(commands(folder, at: node.mark, &step, &job))")
        }
        lead += readVariables(node["env"], &step, &job)
        let script = commands(run, at: node["run"]?.mark ?? node.mark, &step, &job)
        let named = leads.filter { script.hasPart($0.variable) }.map(\.line)
        step.run = joined(named + lead, script)
        for secret in job.secrets
        where !step.secrets.contains(where: { $0.variable == secret.variable }) {
            step.secrets.append(secret)
        }
        readShell(node["shell"]?.text ?? job.shell, &step, at: node.mark)
        if step.secrets.contains(where: { $0.from == "GITHUB_TOKEN" }) {
            step.comments.append(
                remarks.add(
                    .changed,
                    "secrets.GITHUB_TOKEN",
                    "no token is made for a build: keep one as a secret of this name",
                    at: node.mark
                )
            )
        }
    }

    private func joined(_ lead: [String], _ script: String) -> String {
        let lines = lead + [script.trimmedEnd]
        let text = lines.joined(separator: "\n")
        return lines.count > 1 || text.utf8.contains { $0.isNewline } ? text + "\n" : text
    }

    private mutating func readShell(_ shell: String?, _ step: inout StepDraft, at mark: Mark) {
        switch shell?.trimmed {
        case nil: if Script.needsBash(step.run ?? "") { step.shell = "bash -e" }
        case "sh": return
        case "bash": step.shell = "bash -eo pipefail"
        case let other? where other.hasStart("bash "):
            step.shell = other.without(end: " {0}") ?? other
        case let other?:
            step.shell = other.without(end: " {0}") ?? other
            step.comments.append(
                remarks.add(.changed, "shell: \(shown(other))", "the image must have it", at: mark)
            )
        }
    }

    /// The step's own variables.
    ///
    /// - Returns: Lines that set those which are only known while the job runs.
    mutating func readVariables(
        _ node: YAMLNode?,
        _ step: inout StepDraft,
        _ job: inout GitHubJob
    ) -> [String] {
        var lines: [String] = []
        for pair in node?.pairs ?? [] {
            let text = template(pair.value.text ?? "")
            if !pair.key.isVariableName {
                step.comments.append(lostVariable(pair, "it is not the name of a variable"))
            } else if text.isSingle, let secret = text.secrets.first {
                step.secrets.append(SecretDraft(variable: pair.key, from: secret))
            } else if text.isPlain {
                step.environment.set(
                    pair.key,
                    text.text,
                    comments: source.comments(above: pair.mark)
                )
            } else if let value = shellText(text, &step, &job) {
                if value != "${\(pair.key)}" { lines.append("export \(pair.key)=\"\(value)\"") }
            } else {
                step.environment.comments.append(lostVariable(pair, "set it in the commands"))
                for secret in text.secrets { addSecret(secret, &step) }
            }
        }
        return lines
    }

    /// A text that a shell puts together between double quotes; nil where a part has no equal.
    private mutating func shellText(
        _ text: GitHubText,
        _ step: inout StepDraft,
        _ job: inout GitHubJob
    ) -> String? {
        guard text.isWhole else { return nil }
        var value = ""
        for piece in text.pieces {
            switch piece {
            case .text(let text): value += Shell.inDoubleQuotes(text)
            case .variable(let name): value += "${\(name)}"
            case .value(let condition):
                value += "${\(variable(holding: condition, &step))}"
            case .secret(let name): value += "${\(addSecret(name, &step))}"
            case .output(let output):
                guard export(output, &job) else { return nil }
                value += "${\(output.name)}"
            }
        }
        return value
    }

    private func variable(holding value: Condition, _ step: inout StepDraft) -> String {
        guard case .name(let name) = value else { return set("VALUE", value, &step) }
        if let known = GitHubVariables.ours[name] { return known }
        if let variable = name.without(start: "env.") { return variable }
        return set(GitHubVariables.generated(name), value, &step)
    }

    /// Commands in which variables stand for what GitHub would have written there.
    mutating func commands(
        _ script: String,
        at mark: Mark,
        _ step: inout StepDraft,
        _ job: inout GitHubJob
    ) -> String {
        var lost: [String] = []
        var text = Script.substituting(script) { inner in
            variable(for: inner.trimmed, &step, &job, &lost)
        }
        if text != script, Script.hasQuotedDocument(script) {
            step.comments.append(
                remarks.add(
                    .changed,
                    "a here-document",
                    "in one with a quoted word no variable is replaced",
                    at: mark
                )
            )
        }
        for what in lost {
            step.comments.append(
                remarks.add(
                    .lost,
                    "${{ \(what) }} in run",
                    "set the variable that stands there",
                    at: mark
                )
            )
        }
        let (renamed, unknown) = Renaming.applied(to: text, Renaming.github, prefix: "GITHUB_")
        text = job.hasOwnImage ? renamed : Script.withoutSudo(renamed)
        let named = lost.map { shown($0, lengthMax: 40).variableName }
        let strangers = unknown.filter {
            step.environment[$0] == nil && !isOurs($0, step, job) && !named.contains($0)
        }
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
        return text
    }

    private func isOurs(_ name: String, _ step: StepDraft, _ job: GitHubJob) -> Bool {
        job.draft.environment[name] != nil || draft.environment[name] != nil
            || (step.secrets + job.secrets).contains { $0.variable == name }
    }

    /// The variable that holds the value of an expression while the step runs.
    private mutating func variable(
        for inner: String,
        _ step: inout StepDraft,
        _ job: inout GitHubJob,
        _ lost: inout [String]
    ) -> ScriptValue {
        if let known = GitHubVariables.known[inner] { return .variable(known) }
        switch reference(inner) {
        case .secret(let name): return .variable(addSecret(name, &step))
        case .output(let output) where export(output, &job): return .variable(output.name)
        case .output(let output):
            lost.append("steps.\(output.step).outputs.\(output.name)")
            return .variable(output.name.variableName)
        case .value(.text(let text)): return .text(text)
        case .value(let value): return .variable(variable(holding: value, &step))
        case .lost(let what):
            lost.append(shown(what))
            return .variable(shown(what, lengthMax: 40).variableName)
        }
    }

    /// Sets a variable of the step to an expression, under a name that is free.
    private func set(_ wanted: String, _ value: Condition, _ step: inout StepDraft) -> String {
        let text = "${{ \(value.rendered) }}"
        var name = wanted
        var count = 2
        while let other = step.environment[name], other != text, count < 100 {
            name = "\(wanted)_\(count)"
            count += 1
        }
        step.environment.set(name, text)
        return name
    }

    @discardableResult
    func addSecret(_ name: String, _ step: inout StepDraft) -> String {
        let variable = name.variableName
        let secret = SecretDraft(variable: variable, from: name)
        if !step.secrets.contains(secret) { step.secrets.append(secret) }
        return variable
    }

    /// Lets an earlier step hand its outputs to the steps behind it, as variables.
    private func export(_ output: GitHubOutput, _ job: inout GitHubJob) -> Bool {
        guard output.name.isVariableName, let place = job.places[output.step],
            job.draft.steps.indices.contains(place), let run = job.draft.steps[place].run
        else { return false }
        let line = "cat \"$GITHUB_OUTPUT\" >> \"$GITHUB_ENV\""
        if !run.hasPart(line) {
            job.draft.steps[place].run =
                run.trimmedEnd + "\n# The steps below read it as variables.\n\(line)\n"
        }
        return true
    }
}

/// What GitHub's values are called as variables.
enum GitHubVariables {
    /// Values that have no expression here, but a variable.
    static let known = [
        "github.repository": "CI_REPO", "github.job": "CI_JOB_NAME",
        "github.head_ref": "CI_COMMIT_SOURCE_BRANCH", "github.base_ref": "CI_COMMIT_TARGET_BRANCH",
        "github.event.number": "CI_COMMIT_PULL_REQUEST",
        "github.event.pull_request.number": "CI_COMMIT_PULL_REQUEST",
        "github.event.pull_request.head.ref": "CI_COMMIT_SOURCE_BRANCH",
        "github.event.pull_request.base.ref": "CI_COMMIT_TARGET_BRANCH",
        "github.workspace": "CI_WORKSPACE", "github.event.before": "CI_PREV_COMMIT_SHA",
        "github.event.repository.clone_url": "CI_REPO_CLONE_URL",
        "github.repository_owner": "CI_REPO%%/*", "github.event.repository.name": "CI_REPO##*/",
    ]

    /// Of those, the ones that are the same everywhere.
    static let texts = ["github.workspace": "/workspace"]

    static let ours = [
        "sha": "CI_COMMIT_SHA", "ref": "CI_COMMIT_REF", "branch": "CI_COMMIT_BRANCH",
        "tag": "CI_COMMIT_TAG", "event": "CI_PIPELINE_EVENT", "build": "CI_PIPELINE_NUMBER",
        "message": "CI_COMMIT_MESSAGE", "default_branch": "CI_REPO_DEFAULT_BRANCH",
    ]

    /// `MATRIX_OS` for `matrix.os`, so that no variable of the system is meant.
    static func generated(_ name: String) -> String {
        if let input = name.without(start: "inputs.") { return "INPUT_\(input.variableName)" }
        if let need = name.without(start: "needs.") {
            return need.replacing(".outputs.", by: "_").variableName
        }
        return name.variableName
    }
}

extension String {
    /// Without blanks and line ends behind it.
    var trimmedEnd: String {
        let end = utf8.reversed().drop { $0.isBlank || $0.isNewline || $0 == 0x0D }
        return String(decoding: Array(end.reversed()), as: UTF8.self)
    }
}
