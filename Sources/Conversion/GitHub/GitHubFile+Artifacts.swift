/// Artifacts: what a job keeps, and what it takes from others.
extension GitHubFile {
    func isAction(_ step: YAMLNode, _ action: String) -> Bool {
        step["uses"]?.text.map { $0.pieces(at: "@").first == action } ?? false
    }

    /// An artifact's name; what varies in it is left out, for each job of a matrix has its own.
    func artifactName(_ text: String?) -> String {
        guard var text else { return "artifact" }
        while let open = text.range(of: "${{"),
            let close = text.range(of: "}}", from: open.upperBound)
        {
            let bytes = Array(text.utf8)
            text = String(
                decoding: bytes[..<open.lowerBound] + bytes[close.upperBound...],
                as: UTF8.self
            )
        }
        let ends: (UInt8) -> Bool = { "-_. ".utf8.contains($0) }
        let name = String(
            decoding: Array(text.utf8.reversed().drop(while: ends)).reversed(),
            as: UTF8.self
        )
        let safe = FileName.safe(name)
        return name.isEmpty ? "artifact" : safe
    }

    /// A path in which a pattern stands for what varies.
    private mutating func pattern(_ path: String) -> String {
        var pattern = ""
        for piece in template(path).pieces {
            switch piece {
            case .text(let text): pattern += text
            case .variable("CI_WORKSPACE"): pattern += "/workspace"
            case .variable, .value, .secret, .output: pattern += "*"
            }
        }
        return template(path).isWhole ? pattern : pattern.hasPart("*") ? pattern : pattern + "*"
    }

    mutating func readUpload(_ node: YAMLNode, _ step: StepDraft, _ job: inout GitHubJob) {
        job.draft.artifactComments += step.comments
        let with = node["with"]
        var paths: [String] = []
        for line in lines(with?["path"]?.text ?? "") {
            let path = ForeignPath.plain(pattern(line))
            if ForeignPath.isInside(path), !path.hasStart("!"), !path.hasStart("*") {
                paths.append(path)
                if line.hasPart("${{"), !line.hasStart("${{ github.workspace }}") {
                    job.draft.artifactComments.append(
                        remarks.add(
                            .changed,
                            "artifact path \(shown(line))",
                            "a pattern stands for what varied",
                            at: node.mark
                        )
                    )
                }
            } else {
                let advice = "artifacts are files of the workspace, written out"
                job.draft.artifactComments.append(
                    remarks.add(.lost, "artifact path \(shown(line))", advice, at: node.mark)
                )
            }
        }
        guard !paths.isEmpty else {
            job.pending += job.draft.artifactComments
            job.draft.artifactComments = []
            return
        }
        let name = artifactName(with?["name"]?.text)
        var artifact = Mapping(["name": .text(name), "paths": .texts(paths)])
        if let days = with?["retention-days"]?.number, days > 0 {
            artifact.set("expire_in", .word("\(min(days, 30))d"))
        }
        switch step.condition.simplified {
        case .call("always", []): artifact.set("when", .word("always"))
        case .call("failure", []): artifact.set("when", .word("failure"))
        case let other where !other.isDefault:
            let advice = "'when' is success, failure or always"
            job.draft.artifactComments.append(
                remarks.add(.changed, "if: \(shown(other.rendered))", advice, at: node.mark)
            )
        case _: break
        }
        let known = job.draft.artifacts.contains { $0.entries.first?.value == .text(name) }
        if !known { job.draft.artifacts.append(artifact) }
    }

    /// A download whose job is looked for when all jobs it may come from are known.
    mutating func download(_ node: YAMLNode, _ step: StepDraft) -> StepDraft {
        var step = step
        let with = node["with"]
        let name = with?["name"]?.text.map { artifactName($0) }
        let pattern = with?["pattern"]?.text.map { artifactName($0.replacing("*", by: "")) }
        let to = template(with?["path"]?.text ?? "")
        var keys = Mapping(["job": .text(""), "artifact": .text(name ?? pattern ?? "")])
        if to.isPlain, !to.text.isEmpty, to.text != ".", ForeignPath.isInside(to.text) {
            keys.set("to", .text(ForeignPath.plain(to.text)))
        }
        step.action = ("download", keys)
        return step
    }

    /// Finds the jobs that keep what is downloaded; all of it where no name was given.
    mutating func readDownloads() {
        for job in draft.jobs {
            kept[job.name] = job.artifacts.compactMap { artifact in
                if case .text(let name)? = artifact.entries.first?.value { name } else { nil }
            }
        }
        for (index, var job) in draft.jobs.enumerated() {
            readDownloads(&job)
            draft.jobs[index] = job
        }
    }

    private mutating func readDownloads(_ job: inout JobDraft) {
        var steps: [StepDraft] = []
        let earlier = neededJobs(of: job)
        for step in job.steps {
            guard case ("download", let keys)? = step.action,
                case .text(let wanted) = keys.entries[1].value
            else {
                steps.append(step)
                continue
            }
            let found = givers(of: wanted, among: earlier)
            if found.isEmpty {
                var lost = StepDraft(comments: step.comments)
                lost.comments.append(
                    remarks.add(
                        .lost,
                        "download of artifact '\(wanted)'",
                        "name the job that keeps it, in 'needs' too",
                        at: root["jobs"]?[job.name]?.mark ?? root.mark
                    )
                )
                steps.append(lost)
            }
            for (offset, (id, artifact)) in found.enumerated() {
                var copy = step
                if offset > 0 { copy.comments = [] }
                var action = keys
                action.entries[0].value = .text(id)
                action.entries[1].value = .text(artifact)
                copy.action = ("download", action)
                if found.count > 1 { copy.name = nil }
                steps.append(copy)
            }
        }
        let isIdle = steps.allSatisfy { $0.run == nil && $0.action == nil && $0.with == nil }
        if isIdle, job.uses == nil { steps.append(StepDraft(run: "true")) }
        job.steps = steps
    }

    /// Who keeps an artifact of this name, or of one that it begins with: what varied in the
    /// name is left out.
    private func givers(of wanted: String, among jobs: [String]) -> [(String, String)] {
        let all = jobs.flatMap { id in Set(kept[id] ?? []).sorted().map { (id, $0) } }
        let exact = all.filter { wanted.isEmpty || $0.1 == wanted }
        let giving = exact.isEmpty ? all.filter { wanted.hasStart($0.1 + "-") } : exact
        return Array(giving.prefix(50))
    }

    /// Every job that has ended before one begins, by its needs and theirs.
    private func neededJobs(of job: JobDraft) -> [String] {
        guard job.steps.contains(where: { $0.action != nil }) else { return [] }
        var found: [String] = []
        var known: Set<String> = []
        var open = job.needs.compactMap { need -> String? in
            if case .text(let name) = need { name } else { nil }
        }
        while !open.isEmpty, found.count < 500 {
            let name = open.removeFirst()
            guard known.insert(name).inserted, !leftOut.contains(name) else { continue }
            found.append(name)
            open += root["jobs"]?[name]?["needs"]?.texts ?? []
        }
        return found
    }
}

/// Paths of other systems.
enum ForeignPath {
    /// Whether it lies in the workspace, as far as its text says.
    static func isInside(_ path: String) -> Bool {
        let path = plain(path)
        return !path.hasStart("/") && !path.hasStart("~") && !path.hasStart("$")
            && !path.pieces(at: "/").contains("..") && !path.isEmpty
    }

    /// Without what only says that it begins at the workspace.
    static func plain(_ path: String) -> String {
        var path = path.trimmed
        for start in [
            "/workspace/", "./", "${{ github.workspace }}/", "$CI_PROJECT_DIR/",
            "${CI_PROJECT_DIR}/",
            "$GITHUB_WORKSPACE/",
        ] {
            path = path.without(start: start) ?? path
        }
        return path
    }
}
