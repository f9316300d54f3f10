import Core

/// What things are called.
extension PipelineReader {
    /// A name for people: one line, not long.
    mutating func label(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        return isLabel(text, of: entry) ? text : nil
    }

    /// The same, in which `${{ }}` may stand.
    mutating func labelTemplate(_ entry: Entry) -> Template? {
        guard let template = template(entry) else { return nil }
        guard let text = template.constant else { return template }
        return isLabel(text, of: entry) ? template : nil
    }

    mutating func isLabel(_ text: String, of entry: Entry) -> Bool {
        guard let complaint = Label.complaint(text) else { return true }
        problems.add("\(quoted(entry.key)) \(complaint)", at: entry.value.start)
        return false
    }

    /// A name that becomes part of addresses and folders.
    mutating func name(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        return isName(text, at: entry.value.start) ? text : nil
    }

    /// The same, in which `${{ }}` may stand.
    mutating func nameTemplate(_ entry: Entry) -> Template? {
        guard let template = template(entry) else { return nil }
        guard let text = template.constant else { return template }
        return isName(text, at: entry.value.start) ? template : nil
    }

    /// The same, of a key that the author chooses.
    mutating func isName(_ text: String, at mark: Mark) -> Bool {
        if Name.isValid(text) { return true }
        problems.add(
            "\(quoted(text)) is not a name",
            at: mark,
            hint: "letters, digits, '.', '_' and '-', at most \(Name.lengthMax), "
                + "beginning with a letter or digit"
        )
        return false
    }

    /// Names that stand once each, in which `${{ }}` may stand.
    mutating func nameTemplates(_ entries: [Entry]) -> [Template] {
        var seen: Set<String> = []
        return entries.compactMap { entry in
            guard let name = nameTemplate(entry) else { return nil }
            guard seen.insert(name.source).inserted else {
                problems.add("\(quoted(name.source)) stands twice", at: entry.value.start)
                return nil
            }
            return name
        }
    }

    /// Whether a key can name an environment variable.
    mutating func isVariable(_ entry: Entry) -> Bool {
        let bytes = entry.key.utf8
        let isWord = bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
        guard let first = bytes.first, !isDigit(first), isWord, bytes.count <= variableLengthMax
        else {
            problems.add(
                "\(quoted(entry.key)) is not the name of a variable",
                at: entry.keyMark,
                hint: "letters, digits and '_', not beginning with a digit"
            )
            return false
        }
        return true
    }
}

private let variableLengthMax = 200

func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case _: isDigit(byte)
    }
}
