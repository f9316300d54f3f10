import Core

/// What a step has beside what it does.
extension PipelineReader {
    mutating func retry(_ entry: Entry) -> RetryRule? {
        guard let fields = fields(entry, in: .retry) else { return nil }
        let max = fields[.max].flatMap { integer($0, in: 1...RetryRule.maxMax) } ?? 1
        guard let on = fields[.on] else { return RetryRule(max: max) }
        let items = list(on)
        if case .sequence = on.value.content, items.isEmpty {
            problems.add("'on' has no causes", at: on.keyMark, hint: "leave it out for all of them")
        }
        return RetryRule(max: max, causes: items.compactMap { retryCause($0) })
    }

    private mutating func retryCause(_ entry: Entry) -> RetryCause? {
        guard let text = plainText(entry) else { return nil }
        if let cause = RetryCause(written: text), cause != .code(0) { return cause }
        problems.add(
            "\(quoted(text)) is no cause of a retry",
            at: entry.value.start,
            hint: "there are \(Place.retryReasons.joined(separator: ", ")) and exit codes "
                + "from 1 to 255"
        )
        return nil
    }

    mutating func exitCodes(_ entry: Entry) -> [Int: ExitMeaning] {
        var meanings: [Int: ExitMeaning] = [:]
        for pair in table(entry, hint: "write '77: skipped'") ?? [] {
            let bytes = pair.key.utf8
            let isPlain = bytes.allSatisfy(isDigit) && bytes.first != UInt8(ascii: "0")
            guard isPlain, let code = Int(pair.key), Place.exitCodes.contains(code) else {
                problems.add(
                    "\(quoted(pair.key)) is not an exit code",
                    at: pair.keyMark,
                    hint: "they are whole numbers from 1 to 255; 0 is success"
                )
                continue
            }
            meanings[code] = choice(pair, ExitMeaning.self)
        }
        return meanings
    }

    mutating func locks(_ entry: Entry) -> [LockSpec] {
        var seen: Set<String> = []
        return list(entry, of: .lock).compactMap { fields in
            let count = fields[.count].flatMap { integer($0, in: Place.limits) }
            let mode = fields[.mode].flatMap { choice($0, LockMode.self) }
            if let entry = fields[.count], let count, count > 1, mode == .exclusive {
                problems.add(
                    "an exclusive lock has one holder",
                    at: entry.value.start,
                    hint: "leave 'count' out, or write 'mode: counting'"
                )
            }
            let scope = fields[.scope].flatMap { choice($0, LockScope.self) } ?? .master
            guard let entry = fields[.name], let name = name(entry) else { return nil }
            guard seen.insert(name).inserted else {
                problems.add("a second lock \(quoted(name))", at: entry.value.start)
                return nil
            }
            return LockSpec(
                name: name,
                count: count ?? 1,
                mode: mode ?? (fields[.count] == nil ? .exclusive : .counting),
                scope: scope
            )
        }
    }

    mutating func secrets(_ entry: Entry) -> [SecretRequest] {
        guard case .mapping = entry.value.content else {
            mistyped(
                entry,
                "a mapping",
                hint: "write '{ VARIABLE: { from: NAME } }': a secret is known by its variable"
            )
            return []
        }
        return (table(entry) ?? []).compactMap { pair in
            guard isVariable(pair) else { return nil }
            guard case .mapping = pair.value.content else {
                let name = scalarText(pair.value) ?? "NAME"
                mistyped(pair, "a mapping", hint: "write '{ from: \(shortened(name)) }'")
                return nil
            }
            guard let fields = fields(pair, in: .secret) else { return nil }
            let form = fields[.asForm].flatMap { choice($0, SecretForm.self) } ?? .env
            return fields[.from].flatMap { name($0) }
                .map { SecretRequest(variable: pair.key, from: $0, form: form) }
        }
    }

    /// `with`: what a plug-in image is told, each as a variable `PLUGIN_NAME`.
    mutating func settings(_ entry: Entry) -> [String: Template] {
        var settings: [String: Template] = [:]
        for pair in table(entry, hint: "write 'SETTING: value'") ?? [] where isSetting(pair) {
            guard case .scalar = pair.value.content else {
                mistyped(
                    pair,
                    "a text",
                    hint: "a plug-in takes a list as one text with commas, a mapping as JSON"
                )
                continue
            }
            if let text = plainText(pair) { settings[pair.key] = constant(text, pair) }
        }
        return settings
    }

    private mutating func isSetting(_ entry: Entry) -> Bool {
        let bytes = entry.key.utf8
        let isWord = bytes.allSatisfy { isAlphanumeric($0) || "_-".utf8.contains($0) }
        if isWord, !bytes.isEmpty, bytes.count <= 200 { return true }
        problems.add(
            "\(quoted(entry.key)) is not the name of a setting",
            at: entry.keyMark,
            hint: "letters, digits, '_' and '-'"
        )
        return false
    }

    private func scalarText(_ node: YAMLNode) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else { return nil }
        return text
    }
}
