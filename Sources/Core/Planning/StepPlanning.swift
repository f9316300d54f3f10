/// The steps of one job, being planned.
struct StepPlanning {
    let draft: JobDraft
    /// Of the file and the job, with what is known put in.
    let environment: [String: Template]
    /// For what is decided while the job runs.
    let names: Names
    /// For what is decided sooner: with the variables that are known.
    let early: Names

    private var path: String { draft.file.path }

    mutating func plan(_ planner: inout Planner) -> [StepSpec] {
        var steps: [StepSpec] = []
        for step in draft.definition.steps { steps.append(plan(step, &planner)) }
        return steps
    }

    private func plan(_ step: StepDefinition, _ planner: inout Planner) -> StepSpec {
        let action = action(step, &planner)
        let name = step.name.map { planner.text($0, with: early, of: path) } ?? action.title
        if let complaint = Label.complaint(name) {
            planner.problems.add(
                "the name of this step \(complaint)",
                at: step.name?.mark ?? step.mark,
                of: path
            )
        }
        let condition = planner.folded(
            step.condition.map { Condition($0) } ?? .success,
            step.condition,
            with: names,
            of: path
        )
        let isFiltered = condition.expression.value == .flag(false)
        var spec = StepSpec(
            name: name,
            action: action,
            condition: condition,
            skipReason: isFiltered
                ? "its 'if' does not hold: \(shortened(step.condition?.source ?? ""))" : nil,
            timeout: step.timeout,
            idleTimeout: step.idleTimeout,
            allowFailure: step.allowFailure,
            retry: step.retry,
            exitCodes: step.exitCodes,
            locks: step.locks,
            secrets: step.secrets
        )
        equip(&spec, as: step, &planner)
        return spec
    }

    /// Gives a step that runs in a container its image, shell and variables.
    private func equip(_ spec: inout StepSpec, as step: StepDefinition, _ planner: inout Planner) {
        switch spec.action {
        case .download, .publish, .promote, .gate: return
        case .run, .plugin: break
        }
        let defaults = draft.file.pipeline.defaults
        if let image = step.image ?? draft.definition.image ?? defaults.image {
            (spec.image, spec.openImage) = planner.image(image, with: early, of: path)
        }
        spec.shell = step.shell ?? draft.definition.shell ?? defaults.shell
        var own = planner.folded(step.environment, with: names, of: path)
        for (setting, template) in step.settings {
            own[Self.variable(of: setting)] = planner.folded(template, with: names, of: path)
        }
        spec.environment = environment.merging(own) { $1 }
        // Every step carries its own copy to its worker.
        planner.environmentBytes += spec.environment.reduce(0) {
            $0 + $1.key.utf8.count + $1.value.source.utf8.count
        }
        if planner.environmentBytes > Planner.environmentBytesMax {
            planner.problems.add(
                "the 'env' of all steps together is larger than 4 MiB",
                at: nil,
                of: path
            )
            spec.environment = [:]
        }
    }

    /// `PLUGIN_DRY_RUN` of `dry-run`, as plug-ins for Woodpecker and Drone read it.
    private static func variable(of setting: String) -> String {
        let bytes = setting.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
            case UInt8(ascii: "-"), UInt8(ascii: "."): UInt8(ascii: "_")
            case _: byte
            }
        }
        return "PLUGIN_" + String(decoding: bytes, as: UTF8.self)
    }

    private func action(_ step: StepDefinition, _ planner: inout Planner) -> StepAction {
        switch step.action {
        case .run(let script): return .run(script: script)
        case .plugin: return .plugin
        case .download(let download): return self.download(download, &planner)
        case .publish(let publish):
            return .publish(
                PublishSpec(
                    unit: publish.unit.map { name($0, &planner) },
                    from: self.path(publish.from, with: names, &planner),
                    version: publish.version.map { version($0, &planner) },
                    channel: publish.channel.map { name($0, &planner) },
                    notes: publish.notes
                )
            )
        case .promote(let promote):
            return .promote(
                unit: promote.unit.map { name($0, &planner) },
                channel: name(promote.to, &planner)
            )
        case .gate(let gate):
            return .gate(
                GateSpec(
                    name: planner.text(gate.name, with: early, of: path),
                    approvers: gate.approvers,
                    min: gate.min,
                    timeout: gate.timeout
                )
            )
        }
    }

    private func download(
        _ download: DownloadDefinition,
        _ planner: inout Planner
    ) -> StepAction {
        let folder = download.to ?? Template(constant: ".")
        return .download(
            job: planner.text(download.job, with: early, of: path),
            artifact: planner.text(download.artifact, with: early, of: path),
            to: self.path(folder, with: early, &planner).constant ?? "."
        )
    }

    private func path(
        _ template: Template,
        with names: Names,
        _ planner: inout Planner
    ) -> Template {
        let folded = planner.folded(template, with: names, of: path)
        if let text = folded.constant, let complaint = WorkspacePath.complaint(text) {
            planner.problems.add(
                "the path \(quoted(text)) \(complaint)",
                at: template.mark,
                of: path,
                hint: "paths are relative to the workspace, without '..'"
            )
        }
        return folded
    }

    private func name(_ template: Template, _ planner: inout Planner) -> Template {
        let folded = planner.folded(template, with: names, of: path)
        if let text = folded.constant, !Name.isValid(text) {
            planner.problems.add("\(quoted(text)) is not a name", at: template.mark, of: path)
        }
        return folded
    }

    private func version(_ template: Template, _ planner: inout Planner) -> Template {
        let folded = planner.folded(template, with: names, of: path)
        if let text = folded.constant, !ReleaseVersion.isValid(text) {
            planner.problems.add(
                "\(quoted(text)) is not a version",
                at: template.mark,
                of: path,
                hint: "letters, digits and any of . _ - + ~"
            )
        }
        return folded
    }
}

extension StepAction {
    /// What a step is called that has no name.
    package var title: String {
        switch self {
        case .run(let script):
            let lines = script.utf8.split { $0 == 0x0A || $0 == 0x0D }
            let first = lines.first { line in line.contains { $0 > 0x20 } }
            return shortened(
                first.map { String(decoding: $0.drop { $0 <= 0x20 }, as: UTF8.self) } ?? ""
            )
        case .plugin:
            return "plug-in"
        case .download(let job, let artifact, _):
            return "download \(shortened(artifact)) from \(shortened(job))"
        case .publish(let spec):
            return "publish \(shortened(spec.unit?.source ?? spec.from.source))"
        case .promote(let unit, let channel):
            return "promote \(unit.map { "\(shortened($0.source)) " } ?? "")"
                + "to \(shortened(channel.source))"
        case .gate(let spec):
            return "gate \(shortened(spec.name))"
        }
    }
}
