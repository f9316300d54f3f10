/// A workflow file of GitHub, Forgejo or Gitea on its way to a pipeline.
struct GitHubFile {
    let source: ForeignText
    let root: YAMLNode
    var remarks = Remarks()
    var names = GitHubNames()
    var draft: PipelineDraft
    /// What each job keeps, by the job's name, as far as it can be known beforehand.
    var kept: [String: [String]] = [:]
    /// Jobs that have no equal here; nobody can wait for them.
    var leftOut: Set<String> = []
    /// Comments of jobs that are left out, for the next one that is not.
    var pendingJobs: [String] = []
    /// Secrets and other variables that are only known to the steps, from outside inwards.
    var secrets: [SecretDraft] = []
    var leads: [(variable: String, line: String)] = []
    let baseName: String

    init(_ source: ForeignText, path: String) {
        self.source = source
        root = source.documents.first ?? .text("", at: .start)
        let file = path.pieces(at: "/").last ?? path
        baseName = FileName.base(of: file)
        draft = PipelineDraft(file: baseName + ".yml")
    }

    mutating func converted() -> Conversion {
        guard root["jobs"]?.isMapping ?? false else {
            remarks.add(.lost, "the file", "it has no 'jobs'", at: root.mark)
            return Conversion(files: [], remarks: remarks)
        }
        if let first = root.pairs.first { draft.comments = source.comments(above: first.mark) }
        draft.name = root["name"]?.text.map { plainName($0) }
        readTriggers()
        readNames()
        for pair in root.pairs { readKey(pair) }
        for pair in root["jobs"]?.pairs.prefix(Self.jobsMax) ?? [] { readJob(pair) }
        draft.lastComments = pendingJobs
        dropNeedsOfLeftOut()
        readDownloads()
        guard draft.jobs.contains(where: { !$0.steps.isEmpty || $0.uses != nil }) else {
            return Conversion(files: [], remarks: remarks)
        }
        return Conversion(files: files, remarks: remarks)
    }

    private static let jobsMax = 500

    /// A pipeline that others use lies in a subfolder, where it starts nothing by itself.
    private var files: [ConvertedFile] {
        guard draft.inputs != nil else { return [draft.written()] }
        var library = draft
        library.file = "lib/\(baseName).yml"
        let triggers = library.triggers
        library.triggers = nil
        library.triggerComments = []
        guard let triggers, !triggers.isEmpty else { return [library.written()] }
        let asked = Self.inputs(ofPerson: triggers)
        for entry in asked where !(library.inputs?.entries.contains { $0.key == entry.key } ?? true)
        {
            library.inputs?.set(entry.key, entry.value)
        }
        // Inputs are written out where a file is used, so what a person is asked for cannot be
        // handed on: then both files have the jobs.
        var starter = draft
        starter.inputs = nil
        if asked.isEmpty {
            var job = JobDraft(name: baseName)
            job.uses = "./pipelines/\(library.file)"
            starter = PipelineDraft(file: draft.file)
            starter.name = draft.name
            starter.triggers = triggers
            starter.triggerComments = draft.triggerComments
            starter.jobs = [job]
        }
        return [starter.written(), library.written()]
    }

    /// What a person is asked for.
    private static func inputs(ofPerson triggers: Mapping) -> [Mapping.Entry] {
        guard
            case .mapping(let manual)? = triggers.entries.first(where: { $0.key == "manual" })?
                .value,
            case .mapping(let inputs)? = manual.entries.first?.value
        else { return [] }
        return inputs.entries
    }

    /// What expressions need to know before the first is read.
    private mutating func readNames() {
        for (id, job) in root["jobs"]?.pairs.map({ ($0.key, $0.value) }) ?? [] {
            for output in job["outputs"]?.pairs ?? [] {
                if let source = outputName(output.value.text ?? "") {
                    names.outputs[id, default: [:]][output.key] = source
                }
            }
            for step in job["steps"]?.items ?? [] where isAction(step, "actions/upload-artifact") {
                kept[id, default: []].append(artifactName(step["with"]?["name"]?.text))
            }
        }
    }

    /// `name` of `${{ steps.id.outputs.name }}`.
    private func outputName(_ text: String) -> String? {
        guard let inner = text.trimmed.without(start: "${{")?.without(end: "}}"),
            case .name(let words) = ForeignExpressionParser.parse(inner, .github),
            words.count == 4, words[0] == "steps", words[2] == "outputs"
        else { return nil }
        return words[3]
    }

    private mutating func readKey(_ pair: YAMLPair) {
        switch pair.key {
        case "name", "on", "true", "jobs", "defaults": return
        case "run-name":
            draft.comments.append(
                remarks.add(
                    .changed,
                    "run-name",
                    "a build is called after its commit",
                    at: pair.mark
                )
            )
        case "env": draft.environment = environment(pair.value, isShared: true)
        case "permissions":
            draft.comments.append(permissions(pair))
        case "concurrency": readConcurrency(pair)
        case _:
            draft.comments.append(
                remarks.add(.lost, shown(pair.key), "nothing here is like it", at: pair.mark)
            )
        }
    }

    mutating func permissions(_ pair: YAMLPair) -> String {
        remarks.add(
            .changed,
            "permissions: \(shown(pair.value.flow))",
            "what a build may do is a setting of the server",
            at: pair.mark
        )
    }

    private mutating func readConcurrency(_ pair: YAMLPair) {
        let group = pair.value["group"] ?? pair.value
        let text = template(group.text ?? "")
        let cancels = pair.value["cancel-in-progress"]
        let isSure = cancels?.flag ?? (cancels == nil ? false : nil)
        if !text.lost.isEmpty || isSure == nil {
            let what = text.lost.isEmpty ? cancels?.text ?? "" : text.lost.joined(separator: ", ")
            draft.comments.append(
                remarks.add(
                    .changed,
                    "concurrency: \(shown(what))",
                    "one build of each ref at a time, the newest wins",
                    at: pair.mark
                )
            )
        }
        let isWhole = text.lost.isEmpty && text.secrets.isEmpty && !text.text.isEmpty
        draft.concurrency = Mapping([
            "group": .text(isWhole ? text.text : "${{ pipeline }}-${{ ref }}"),
            "limit": .word("1"),
            "on_new": .word(isSure ?? true ? "cancel" : "queue"),
        ])
    }

    private mutating func dropNeedsOfLeftOut() {
        for index in draft.jobs.indices {
            draft.jobs[index].needs.removeAll { need in
                if case .text(let name) = need { leftOut.contains(name) } else { false }
            }
        }
    }

    /// A name without what nobody can put in.
    mutating func plainName(_ text: String) -> String {
        let template = template(text)
        return shown(template.text, lengthMax: 90)
    }
}

/// File names, which become names of pipelines.
enum FileName {
    /// `ci` of `.github/workflows/ci.yaml`.
    static func base(of path: String) -> String {
        let file = path.pieces(at: "/").last ?? path
        let name = file.without(end: ".yml") ?? file.without(end: ".yaml") ?? file
        return safe(name.without(start: ".") ?? name)
    }

    /// A file name of letters, digits, `_` and `-`.
    static func safe(_ name: String) -> String {
        let bytes = name.utf8.prefix(60).map { byte in
            byte.isWord || ".-".utf8.contains(byte) ? byte : UInt8(ascii: "-")
        }
        let text = String(decoding: bytes.drop { ".-_".utf8.contains($0) }, as: UTF8.self)
        return text.isEmpty ? "main" : text
    }
}
