/// Jobs of GitLab: each has one image and one script.
extension GitLabFile {
    /// What is known of a job while its keys are read.
    struct Work {
        var name: String
        var node: YAMLNode
        var draft: JobDraft
        var main = StepDraft()
        var axes: Set<String> = []
        /// Whether a person has to start it.
        var isManual = false
    }

    mutating func readJob(_ job: (name: String, mark: Mark, node: YAMLNode)) {
        var work = Work(name: job.name, node: job.node, draft: JobDraft(name: job.name))
        work.draft.comments = pendingJobs + source.comments(above: job.mark)
        if let trigger = job.node.pairs.first(where: { $0.key == "trigger" }) {
            let subject = "job '\(shown(job.name))' (trigger: \(shown(trigger.value.flow)))"
            let advice = "let the other pipeline say 'on: pipeline', or take it with 'uses'"
            pendingJobs.append(remarks.add(.lost, subject, advice, at: job.mark))
            return
        }
        guard job.node["script"] != nil || job.node["run"] != nil else {
            let advice = "it has no script here: convert what it comes from too"
            let comment = remarks.add(.lost, "job '\(shown(job.name))'", advice, at: job.mark)
            pendingJobs.append(comment)
            return
        }
        readParallel(job.node["parallel"], &work)
        for pair in job.node.pairs { readKey(pair, &work) }
        if work.draft.image == nil {
            work.draft.image = "debian:bookworm"
            let advice = "no image is named: this one is a guess"
            let comment = remarks.add(.changed, "job '\(shown(job.name))'", advice, at: job.mark)
            work.draft.notes.append(comment)
        }
        conditions.variables = Set(draft.environment.names + work.draft.environment.names)
        work.draft.condition = condition(of: job.node, &work)
        readNeeds(job.node, &work)
        readScripts(job.node, &work)
        pendingJobs = []
        draft.jobs.append(work.draft)
    }

    private mutating func readKey(_ pair: YAMLPair, _ work: inout Work) {
        let value = pair.value
        switch pair.key {
        case "script", "before_script", "after_script", "stage", "extends", "inherit", "needs",
            "dependencies", "rules", "only", "except", "when", "parallel", "coverage_fuzzing",
            "start_in", "manual_confirmation", "pages":
            return
        case "image": readImage(pair, &work)
        case "services": for item in value.items { readService(item, &work) }
        case "variables":
            for variable in variables(value).variables {
                work.draft.environment.set(
                    variable.name,
                    variable.value,
                    comments: variable.comments
                )
            }
        case "tags":
            for label in value.texts {
                let text = GitLabText.value(label, matrix: work.axes, known: draft.environment)
                text.lost.isEmpty
                    ? work.draft.labels.append(
                        label.hasPart("$") ? text.text : FileName.safe(label)
                    )
                    : work.draft.notes.append(lost(pair, "write the labels out"))
            }
        case "allow_failure": readAllowedFailure(value, &work)
        case "timeout":
            work.draft.timeout = GitLabTime.span(value.text ?? "")
            if work.draft.timeout == nil {
                work.draft.notes.append(lost(pair, "such as 30m or 2h"))
            }
        case "retry": readRetry(pair, &work)
        case "artifacts": readArtifacts(value, &work)
        case "cache": for item in value.items { readCache(item, &work) }
        case "interruptible":
            guard value.flag == true else { return }
            draft.concurrency = Mapping([
                "group": .text("${{ pipeline }}-${{ ref }}"), "limit": .word("1"),
                "on_new": .word("cancel"),
            ])
        case "resource_group":
            let name = FileName.safe(value.text ?? "")
            work.main.locks.append(Mapping(["name": .text(name), "mode": .word("exclusive")]))
        case "environment":
            work.draft.notes.append(
                changed(pair, "'publish' and 'promote' bring a release to a channel")
            )
        case "coverage":
            work.draft.notes.append(changed(pair, "no percentage is read from logs"))
        case _: work.draft.notes.append(lost(pair, "nothing here is like it"))
        }
    }

    private mutating func readImage(_ pair: YAMLPair, _ work: inout Work) {
        let name = (pair.value["name"] ?? pair.value).text ?? ""
        var known = draft.environment
        for variable in work.node["variables"]?.pairs ?? [] {
            known.set(variable.key, variable.value.text ?? "")
        }
        let text = GitLabText.value(name, matrix: work.axes, known: known)
        if text.lost.isEmpty, !text.text.isEmpty {
            work.draft.image = text.text
        } else {
            work.draft.notes.append(lost(pair, "write the image out"))
        }
        for key in pair.value.pairs {
            switch key.key {
            case "name", "pull_policy": continue
            case "entrypoint" where key.value.texts.allSatisfy(\.isEmpty): continue
            case _:
                work.draft.notes.append(changed(key, "commands are read by a shell in the image"))
            }
        }
    }

    private mutating func readService(_ node: YAMLNode, _ work: inout Work) {
        guard let image = (node["name"] ?? node).text else { return }
        let text = GitLabText.value(image, matrix: work.axes, known: draft.environment)
        if image.hasPart("dind") || !text.lost.isEmpty {
            let advice =
                image.hasPart("dind")
                ? "steps have no Docker engine: build images with a plug-in image and 'with'"
                : "write the image out"
            let comment = remarks.add(.lost, "service \(shown(image))", advice, at: node.mark)
            work.draft.notes.append(comment)
            return
        }
        let base = text.text.pieces(at: "@").first ?? ""
        let last = (base.pieces(at: "/").last ?? "").pieces(at: ":").first ?? ""
        var service = ServiceDraft(
            name: FileName.safe(node["alias"]?.text ?? last),
            image: text.text
        )
        service.comments = source.comments(above: node.mark)
        // GitLab gives a service the variables of its job.
        for pair in work.node["variables"]?.pairs ?? [] where pair.key.hasStart(last.variableName) {
            service.environment.set(pair.key, pair.value.text ?? "")
        }
        for pair in root["variables"]?.pairs ?? [] where pair.key.hasStart(last.variableName) {
            if service.environment[pair.key] == nil {
                service.environment.set(pair.key, pair.value.text ?? "")
            }
        }
        for key in node.pairs {
            switch key.key {
            case "name", "alias", "pull_policy": continue
            case "variables":
                for variable in variables(key.value).variables {
                    service.environment.set(variable.name, variable.value)
                }
            case _: service.comments.append(lost(key, "a service runs as its image says"))
            }
        }
        if !work.draft.services.contains(where: { $0.name == service.name }) {
            work.draft.services.append(service)
        }
    }

    private func readAllowedFailure(_ node: YAMLNode, _ work: inout Work) {
        let codes = (node["exit_codes"]?.items ?? []).compactMap(\.number).filter {
            (1...255).contains($0)
        }
        if !codes.isEmpty {
            work.draft.allowFailure = .codes(codes)
        } else if node.flag == true {
            work.draft.allowFailure = .any
        }
    }

    private mutating func readRetry(_ pair: YAMLPair, _ work: inout Work) {
        let count = (pair.value["max"] ?? pair.value).number ?? 0
        guard count > 0 else { return }
        var retry = Mapping(["max": .word("\(min(count, 10))")])
        var reasons: [Tree] = []
        for reason in pair.value["when"]?.texts ?? [] {
            let word =
                switch reason {
                case "script_failure": "failure"
                case "stuck_or_timeout_failure", "job_execution_timeout": "timeout"
                case "always": ""
                case _: "exception"
                }
            if !word.isEmpty, !reasons.contains(.word(word)) { reasons.append(.word(word)) }
        }
        reasons += (pair.value["exit_codes"]?.items ?? []).compactMap(\.number).map {
            .word("\($0)")
        }
        if !reasons.isEmpty { retry.set("on", .list(reasons)) }
        work.main.retry = retry
    }

    private mutating func readParallel(_ node: YAMLNode?, _ work: inout Work) {
        guard let node else { return }
        var matrix = Mapping()
        if let count = node.number, (2...256).contains(count) {
            matrix.set("node", .texts((1...count).map(String.init)))
            work.draft.environment.set("CI_NODE_INDEX", "${{ matrix.node }}")
            work.draft.environment.set("CI_NODE_TOTAL", "\(count)")
        }
        let rows = node["matrix"]?.items ?? []
        if rows.count == 1 {
            for pair in rows[0].pairs { matrix.set(pair.key, .texts(pair.value.texts)) }
        } else {
            let include = rows.prefix(256).flatMap { Self.combinations($0) }
            if !include.isEmpty {
                matrix.set("include", .list(include.prefix(256).map { .mapping($0) }))
            }
        }
        for pair in rows.flatMap(\.pairs) where work.axes.insert(pair.key).inserted {
            work.draft.environment.set(pair.key, "${{ matrix.\(pair.key) }}")
        }
        if !matrix.isEmpty { work.draft.matrix = matrix }
    }

    /// Every combination of the values of one row.
    private static func combinations(_ row: YAMLNode) -> [Mapping] {
        var all = [Mapping()]
        for pair in row.pairs {
            all = all.flatMap { start in
                pair.value.texts.map { value in
                    var next = start
                    next.set(pair.key, .text(value))
                    return next
                }
            }
            if all.count > 256 { return Array(all.prefix(256)) }
        }
        return all
    }
}

/// Times as GitLab writes them: `1h 30m`, `2 days`, `90 minutes`.
enum GitLabTime {
    /// In our words, at most thirty days; nil where it is no time, or no end.
    static func span(_ text: String) -> String? {
        var total = 0
        var number: Int?
        for word in words(text) {
            if let value = Int(word) {
                number = min(value, 1_000_000)
            } else if let count = number, let unit = seconds(word) {
                total += count * unit
                number = nil
            } else if word != "and" {
                return nil
            }
        }
        if let number { total += number }
        guard total > 0 else { return nil }
        total = min(total, 30 * 86_400)
        for (unit, word) in [(86_400, "d"), (3_600, "h"), (60, "m")]
        where total.isMultiple(of: unit) {
            return "\(total / unit)\(word)"
        }
        return "\(total)s"
    }

    /// Digits and letters apart.
    private static func words(_ text: String) -> [String] {
        var words: [[UInt8]] = []
        var previous: UInt8 = 0
        for byte in text.utf8.prefix(100) where byte.isDigit || byte.isLetter || byte.isBlank {
            defer { previous = byte }
            if byte.isBlank { continue }
            if !words.isEmpty, !previous.isBlank, previous.isDigit == byte.isDigit {
                words[words.count - 1].append(byte)
            } else {
                words.append([byte])
            }
        }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func seconds(_ word: String) -> Int? {
        let units = [
            ("mo", 30 * 86_400), ("s", 1), ("mi", 60), ("h", 3_600), ("d", 86_400),
            ("w", 7 * 86_400), ("y", 365 * 86_400),
        ]
        if word == "m" { return 60 }
        return units.first { word.hasStart($0.0) }?.1
    }
}
