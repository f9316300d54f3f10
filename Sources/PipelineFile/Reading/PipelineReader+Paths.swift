import Core

/// Paths and patterns.
extension PipelineReader {
    /// Paths or patterns below the workspace: one, or a list of at least one.
    mutating func paths(_ entry: Entry) -> [String] {
        let items = items(entry)
        if items.isEmpty { problems.add("\(quoted(entry.key)) has no paths", at: entry.keyMark) }
        return items.compactMap { path($0) }
    }

    /// A path that stays below the workspace, decided on bytes.
    mutating func path(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        return isPath(text, at: entry.value.start) ? text : nil
    }

    /// The same, in which `${{ }}` may stand.
    mutating func pathTemplate(_ entry: Entry) -> Template? {
        guard let template = template(entry) else { return nil }
        guard let text = template.constant else { return template }
        return isPath(text, at: entry.value.start) ? template : nil
    }

    private mutating func isPath(_ text: String, at mark: Mark) -> Bool {
        guard let complaint = WorkspacePath.complaint(text) else { return true }
        problems.add(
            "the path \(quoted(text)) \(complaint)",
            at: mark,
            hint: "paths are relative to the workspace, without '..'"
        )
        return false
    }

    /// Patterns over names: one, or a list of at least one.
    mutating func patterns(_ entry: Entry) -> GlobList {
        let items = items(entry)
        if items.isEmpty {
            problems.add(
                "\(quoted(entry.key)) has no patterns",
                at: entry.value.start,
                hint: "leave it out to let everything in"
            )
        }
        return GlobList(items.compactMap { pattern($0) })
    }

    private mutating func pattern(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        guard !text.isEmpty, text != "!", text.utf8.count <= patternLengthMax else {
            problems.add("a pattern has 1 to \(patternLengthMax) bytes", at: entry.value.start)
            return nil
        }
        return text
    }
}

private let patternLengthMax = 1_000
