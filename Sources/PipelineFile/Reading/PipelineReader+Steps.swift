import Core

/// Which failures are only warnings: all of them, or those with some exit codes.
struct FailureAllowance {
    var isWhole = false
    var codes: [Int] = []
}

/// The `steps` key and what is in it.
extension PipelineReader {
    /// - Parameters:
    ///   - entry: The list.
    ///   - codes: Exit codes that the job takes for warnings.
    /// - Returns: The steps that could be read.
    mutating func steps(_ entry: Entry, allowing codes: [Int]) -> [StepDefinition] {
        let items = list(entry)
        if case .sequence = entry.value.content, items.isEmpty {
            problems.add("'steps' has no steps", at: entry.keyMark)
        }
        return items.compactMap { item in
            var item = item
            item.title = Place.step.rawValue
            return fields(item, in: .step).flatMap { step($0, allowing: codes) }
        }
    }

    private mutating func step(_ fields: Fields, allowing codes: [Int]) -> StepDefinition? {
        var step = StepDefinition(action: .plugin, mark: fields.mark)
        step.name = fields[.name].flatMap { labelTemplate($0) }
        step.condition = fields[.condition].flatMap { expression($0) }
        step.timeout = fields[.timeout].flatMap { duration($0) }
        step.locks = fields[.locks].map { locks($0) } ?? []
        let allowance = fields[.allowFailure].flatMap { failureAllowance($0) } ?? FailureAllowance()
        step.allowFailure = allowance.isWhole
        readContainer(fields, into: &step)
        guard let action = action(fields) else { return nil }
        step.action = action
        switch action {
        case .run, .plugin:
            for code in codes + allowance.codes where step.exitCodes[code] == nil {
                step.exitCodes[code] = .warnings
            }
        case .download, .publish, .promote, .gate:
            refuseContainer(fields)
        }
        return step
    }

    /// What only means something to a step that runs a program.
    private mutating func readContainer(_ fields: Fields, into step: inout StepDefinition) {
        step.image = image(of: fields)
        step.environment = fields[.env].map { environment($0) } ?? [:]
        step.shell = fields[.shell].flatMap { shell($0) }
        step.settings = fields[.with].map { settings($0) } ?? [:]
        step.secrets = fields[.secrets].map { secrets($0) } ?? []
        step.idleTimeout = fields[.idleTimeout].flatMap { duration($0) }
        step.retry = fields[.retry].flatMap { retry($0) }
        step.exitCodes = fields[.exitCodes].map { exitCodes($0) } ?? [:]
        for secret in step.secrets where step.environment[secret.variable] != nil {
            problems.add(
                "\(quoted(secret.variable)) is in 'env' and in 'secrets'",
                at: fields[.secrets]?.keyMark ?? fields.mark,
                hint: "a variable has one value: take it out of one of them"
            )
        }
    }

    private mutating func refuseContainer(_ fields: Fields) {
        for word in Place.containerWords {
            guard let entry = fields[word] else { continue }
            problems.add(
                "\(quoted(entry.key)) means nothing in a step that runs no commands",
                at: entry.keyMark
            )
        }
    }

    /// `true`, `false`, or exit codes.
    mutating func failureAllowance(_ entry: Entry) -> FailureAllowance? {
        guard case .sequence(let items) = entry.value.content else {
            guard case .scalar(let text, .plain) = entry.value.content,
                ["true", "false"].contains(text)
            else {
                refuse(entry, "must be true, false or a list of exit codes")
                return nil
            }
            return FailureAllowance(isWhole: text == "true")
        }
        if items.isEmpty { problems.add("'allow_failure' has no exit codes", at: entry.keyMark) }
        let codes = self.items(entry).compactMap { integer($0, in: Place.exitCodes) }
        return FailureAllowance(codes: codes)
    }

    /// The program that reads commands, and its arguments, with spaces between.
    mutating func shell(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F || $0 == 0x20 }
        guard isPlain, text.utf8.contains(where: { $0 > 0x20 }), text.utf8.count <= 200 else {
            problems.add(
                "\(quoted(text)) is not a shell",
                at: entry.value.start,
                hint: "a program and its arguments, such as 'bash -e'"
            )
            return nil
        }
        return text
    }
}
