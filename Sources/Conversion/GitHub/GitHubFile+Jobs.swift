/// `jobs`: each becomes a job of ours, unless nothing here can run it.
extension GitHubFile {
    mutating func readJob(_ pair: YAMLPair) {
        let node = pair.value
        guard node.isMapping else { return }
        var job = GitHubJob(draft: JobDraft(name: pair.key))
        job.draft.comments = pendingJobs + source.comments(above: pair.mark)
        names.constants = [:]
        names.axes = []
        names.hasForeignMatrix = false
        names.isForTags = node["if"]?.text?.hasPart("refs/tags") ?? false
        let (shared, sharedLeads) = (secrets, leads)
        defer { (secrets, leads) = (shared, sharedLeads) }

        job.draft.needs = (node["needs"]?.texts ?? []).map { .text($0) }
        if let uses = node["uses"]?.text {
            guard readCall(uses, pair, &job) else { return }
        } else {
            readMatrix(node["strategy"], &job)
            guard readMachine(node["runs-on"], pair, &job) else { return }
            readContainer(node["container"], &job)
        }
        readShell(root["defaults"]?["run"], &job)
        readShell(node["defaults"]?["run"], &job)
        for key in node.pairs { readKey(key, &job) }
        job.secrets = secrets
        for step in node["steps"]?.items ?? [] { readStep(step, &job) }
        finish(&job)
        pendingJobs = []
        draft.jobs.append(job.draft)
    }

    private mutating func finish(_ job: inout GitHubJob) {
        if job.draft.steps.isEmpty, job.draft.uses == nil { job.add(StepDraft(run: "true")) }
        job.draft.lastComments = job.pending
        if let image = job.spareImage, job.tools.isEmpty, !job.hasOwnImage {
            job.draft.image = image
        }
        trimVersions(&job)
    }

    private mutating func readKey(_ pair: YAMLPair, _ job: inout GitHubJob) {
        let value = pair.value
        switch pair.key {
        case "needs", "uses", "with", "strategy", "runs-on", "container", "steps", "defaults":
            return
        case "name": readName(pair, &job)
        case "secrets":
            note(
                .changed,
                pair,
                "secrets are the server's; the steps of the other file name them",
                &job
            )
        case "if":
            job.draft.condition = condition(value, at: pair.mark, comments: &job.draft.notes)
        case "env": job.draft.environment = environment(value, isShared: false)
        case "services": readServices(value, &job)
        case "timeout-minutes": job.draft.timeout = minutes(pair, &job.draft.notes)
        case "continue-on-error":
            if let flag = value.flag {
                job.draft.allowFailure = flag ? .any : .none
            } else if !readRiskyRows(value.text ?? "", &job) {
                note(.lost, pair, "write 'allow_failure: true' in 'matrix.include'", &job)
            }
        case "outputs": readOutputs(pair, &job)
        case "environment":
            let name = value["name"]?.text ?? value.text ?? ""
            let text = template(name)
            if text.isPlain, !text.text.isEmpty {
                job.draft.channel = text.text
                note(
                    .changed,
                    pair,
                    "the channel of this name has the policy, the lock and the secrets",
                    &job
                )
            } else {
                note(.lost, pair, "'channel' names whose policy holds", &job)
            }
        case "permissions": job.draft.notes.append(permissions(pair))
        case "concurrency":
            note(
                .lost,
                pair,
                "'concurrency' is the pipeline's; for one step there is 'locks'",
                &job
            )
        case _: note(.lost, pair, "nothing here is like it", &job)
        }
    }

    mutating func note(
        _ kind: Remark.Kind,
        _ pair: YAMLPair,
        _ advice: String,
        _ job: inout GitHubJob
    ) {
        let subject = "\(shown(pair.key)): \(shown(pair.value.flow))"
        job.draft.notes.append(remarks.add(kind, subject, advice, at: pair.mark))
    }

    /// A job is called by its key; a name that says more becomes a comment.
    private mutating func readName(_ pair: YAMLPair, _ job: inout GitHubJob) {
        guard let name = pair.value.text else { return }
        let plain = template(name).text.trimmed
        let key = job.draft.name.lowercased()
        if !plain.isEmpty, plain.lowercased() != key, !name.hasPart("${{") {
            job.draft.comments.append(shown(plain))
        }
    }

    /// An `if` of a job or step, with a comment where a part of it has no equal.
    mutating func condition(
        _ node: YAMLNode,
        at mark: Mark,
        comments: inout [String]
    ) -> Condition {
        guard let text = node.text else { return .success }
        if let flag = node.flag { return flag ? .success : .never }
        let condition = names.condition(text)
        let unknown = names.takeUnknown()
        guard !unknown.isEmpty else { return condition }
        let isNever = condition.simplified == .never
        comments.append(
            remarks.add(
                .lost,
                "if: \(shown(text))",
                "write what stands for \(unknown.joined(separator: ", "))"
                    + (isNever ? "; until then it does not run" : ""),
                at: mark
            )
        )
        return condition
    }

    mutating func minutes(_ pair: YAMLPair, _ comments: inout [String]) -> String? {
        if let number = pair.value.number, number > 0 { return "\(min(number, 43_200))m" }
        comments.append(lostVariable(pair, "write a number, such as 'timeout: 30m'"))
        return nil
    }

    /// Outputs need not be declared; one that is made of several things is nobody's.
    private mutating func readOutputs(_ pair: YAMLPair, _ job: inout GitHubJob) {
        for output in pair.value.pairs where names.outputs[job.draft.name]?[output.key] == nil {
            let advice = "write '\(shown(output.key))=...' to $CI_OUTPUT in a step"
            let subject = "output \(shown(output.key)): \(shown(output.value.flow))"
            job.draft.notes.append(remarks.add(.lost, subject, advice, at: output.mark))
        }
    }

    private func readShell(_ node: YAMLNode?, _ job: inout GitHubJob) {
        if let shell = node?["shell"]?.text { job.shell = shell }
        if let folder = node?["working-directory"]?.text { job.folder = folder }
    }

    /// A job that uses another file.
    ///
    /// - Returns: False where the file is of another repository.
    private mutating func readCall(
        _ uses: String,
        _ pair: YAMLPair,
        _ job: inout GitHubJob
    ) -> Bool {
        let mark = pair.value["uses"]?.mark ?? pair.mark
        let folders = ["./.github/workflows/", "./.forgejo/workflows/", "./.gitea/workflows/"]
        guard let file = folders.lazy.compactMap({ uses.without(start: $0) }).first else {
            leaveOut(
                job,
                "uses: \(shown(uses))",
                "copy that file to pipelines/lib/ and use it there",
                mark
            )
            return false
        }
        job.draft.uses = "./pipelines/lib/\(FileName.base(of: file)).yml"
        job.draft.comments.append(
            remarks.add(.changed, "uses: \(shown(uses))", "convert that file too", at: mark)
        )
        var with = Mapping()
        for input in pair.value["with"]?.pairs ?? [] {
            let text = template(input.value.text ?? "")
            if text.isPlain, !text.text.hasPart("${{") {
                with.set(input.key.replacing("-", by: "_"), .text(text.text))
            } else {
                let advice = "an input is a value that is written out"
                job.draft.notes.append(lostVariable(input, advice))
            }
        }
        job.draft.with = with
        return true
    }

    /// Says that a whole job has no equal.
    mutating func leaveOut(_ job: GitHubJob, _ what: String, _ advice: String, _ mark: Mark) {
        leftOut.insert(job.draft.name)
        let comment = remarks.add(
            .lost,
            "job '\(shown(job.draft.name))' (\(what))",
            advice,
            at: mark
        )
        pendingJobs.append(comment)
    }
}
