import Core

/// The `on` key.
extension PipelineReader {
    mutating func triggers(_ entry: Entry) -> Triggers {
        var triggers = Triggers(push: nil, tags: nil, isManual: false)
        switch entry.value.content {
        case .mapping:
            guard let fields = fields(entry, in: .triggers) else { return triggers }
            if let push = fields[.push] { triggers.push = self.push(push) }
            if let tag = fields[.tag] { triggers.tags = tags(tag) }
            if let manual = fields[.manual] {
                triggers.isManual = true
                checkManual(manual)
            }
        case .scalar, .sequence:
            for item in items(entry) { add(item, to: &triggers) }
        }
        if triggers == Triggers(push: nil, tags: nil, isManual: false), problems.isEmpty {
            problems.add(
                "nothing starts this pipeline",
                at: entry.keyMark,
                hint: "name what does: push, tag or manual"
            )
        }
        return triggers
    }

    /// The short forms: `on: push` and `on: [push, manual]`.
    private mutating func add(_ item: Entry, to triggers: inout Triggers) {
        guard let word = text(item) else { return }
        switch word {
        case "push": triggers.push = PushTrigger()
        case "tag": triggers.tags = GlobList([])
        case "manual": triggers.isManual = true
        case _: refuse(word, at: item.value.start, in: .triggers)
        }
    }

    private mutating func checkManual(_ entry: Entry) {
        guard case .mapping = entry.value.content else {
            if !entry.value.isNull { mistyped(entry, "empty", hint: "write 'manual:' alone") }
            return
        }
        _ = fields(entry, in: .manual)
    }

    private mutating func tags(_ entry: Entry) -> GlobList {
        if entry.value.isNull { return GlobList([]) }
        if case .scalar(text: "true", isPlain: true) = entry.value.content {
            problems.add(
                "'tag' must be a pattern, or nothing for any tag",
                at: entry.value.start,
                hint: "write 'tag:' alone"
            )
        }
        return patterns(entry)
    }

    private mutating func push(_ entry: Entry) -> PushTrigger {
        guard !entry.value.isNull, let fields = fields(entry, in: .push) else {
            return PushTrigger()
        }
        return PushTrigger(
            branches: fields[.branches].map { patterns($0) } ?? GlobList([]),
            paths: fields[.paths].map { patterns($0) } ?? GlobList([])
        )
    }

    private mutating func patterns(_ entry: Entry) -> GlobList {
        let items = items(entry)
        if items.isEmpty {
            problems.add(
                "\(quoted(entry.key)) has no patterns",
                at: entry.value.start,
                hint: "leave it out to let everything in"
            )
        }
        return GlobList(
            items.compactMap { item in
                guard let text = plainText(item) else { return nil }
                guard !text.isEmpty, text != "!", text.utf8.count <= patternLengthMax else {
                    problems.add(
                        "a pattern has 1 to \(patternLengthMax) bytes",
                        at: item.value.start
                    )
                    return nil
                }
                return text
            }
        )
    }
}

private let patternLengthMax = 1_000
