import Core

/// The smallest things of the file: texts, flags, durations, names.
extension PipelineReader {
    /// The text of a value; nothing, a list or a mapping is a problem.
    mutating func text(_ entry: Entry) -> String? {
        guard case .scalar(let text, _) = entry.value.content, !entry.value.isNull else {
            mistyped(entry, "a text")
            return nil
        }
        return text
    }

    /// Says that a value is not what it must be.
    mutating func mistyped(_ entry: Entry, _ wanted: String, hint: String? = nil) {
        if entry.value.isNull {
            problems.add("\(quoted(entry.key)) has no value", at: entry.keyMark, hint: hint)
        } else {
            problems.add(
                "\(quoted(entry.key)) must be \(wanted), not \(entry.value.noun)",
                at: entry.value.start,
                hint: hint
            )
        }
    }

    /// A text that is taken as it stands, where a later version will put values in.
    mutating func plainText(_ entry: Entry) -> String? {
        guard let text = text(entry) else { return nil }
        guard !hasSubstitution(text) else {
            problems.add(
                "'${{' in \(quoted(entry.key)) is not supported yet",
                at: self.text.firstMark(of: "${{", from: entry.value.start, to: entry.value.end)
                    ?? entry.value.start
            )
            return nil
        }
        return text
    }

    /// A value, or each of a list of them.
    mutating func items(_ entry: Entry) -> [Entry] {
        guard case .sequence(let items) = entry.value.content else { return [entry] }
        return items.map { Entry(key: entry.key, keyMark: $0.start, value: $0) }
    }

    /// The items of what must be a list.
    mutating func list(_ entry: Entry) -> [Entry] {
        guard case .sequence = entry.value.content else {
            mistyped(entry, "a list", hint: "begin each item with '- '")
            return []
        }
        return items(entry)
    }

    /// The keys and values of a mapping whose keys are the author's own.
    mutating func table(_ entry: Entry) -> [Entry]? {
        guard case .mapping(let pairs) = entry.value.content else {
            mistyped(entry, "a mapping")
            return nil
        }
        return pairs.map { Entry(key: $0.key, keyMark: $0.keyMark, value: $0.value) }
    }

    mutating func flag(_ entry: Entry) -> Bool? {
        if case .scalar(let text, isPlain: true) = entry.value.content {
            if text == "true" { return true }
            if text == "false" { return false }
        }
        problems.add(
            "\(quoted(entry.key)) must be true or false",
            at: entry.value.start
        )
        return nil
    }

    /// Seconds, of `30s`, `10m`, `2h` or `7d`.
    mutating func duration(_ entry: Entry) -> Int? {
        guard let text = text(entry) else { return nil }
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let unit = String(text.utf8.dropFirst(digits.count)) ?? ""
        guard let count = Int(String(Substring(digits))), let seconds = durationUnits[unit] else {
            let isBare = !digits.isEmpty && unit.isEmpty
            problems.add(
                "\(quoted(text)) is not a duration",
                at: entry.value.start,
                hint: isBare
                    ? "say the unit: '\(shortened(text))s', '\(shortened(text))m' or so"
                    : "a duration is a whole number and a unit: 30s, 10m, 2h or 7d"
            )
            return nil
        }
        let (length, overflows) = count.multipliedReportingOverflow(by: seconds)
        guard !overflows, (1...durationMax).contains(length) else {
            problems.add(
                "\(quoted(entry.key)) must be between 1s and 30d",
                at: entry.value.start
            )
            return nil
        }
        return length
    }

    mutating func condition(_ entry: Entry) -> Condition? {
        guard let text = text(entry) else { return nil }
        for condition in Condition.allCases where text == condition.rawValue + "()" {
            return condition
        }
        problems.add(
            "\(quoted(text)) is not a condition of this version",
            at: entry.value.start,
            hint: hasSubstitution(text)
                ? "an 'if' is written without '${{ }}': success(), failure() or always()"
                : "write success(), failure() or always()"
        )
        return nil
    }

    /// A name for people: one line, not long.
    mutating func label(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        if let complaint = labelComplaint(text) {
            problems.add("\(quoted(entry.key)) \(complaint)", at: entry.value.start)
            return nil
        }
        return text
    }

    /// A name that becomes part of addresses and folders.
    mutating func name(_ entry: Entry) -> String? {
        guard let text = plainText(entry) else { return nil }
        guard Name.isValid(text) else {
            problems.add(
                "\(quoted(text)) is not a name",
                at: entry.value.start,
                hint: "letters, digits, '.', '_' and '-', at most \(Name.lengthMax), "
                    + "beginning with a letter or digit"
            )
            return nil
        }
        return text
    }

    /// Names that stand once each.
    mutating func names(_ entries: [Entry]) -> [String] {
        var seen: Set<String> = []
        return entries.compactMap { entry in
            guard let name = name(entry) else { return nil }
            guard seen.insert(name).inserted else {
                problems.add("\(quoted(name)) stands twice", at: entry.value.start)
                return nil
            }
            return name
        }
    }

    /// What is wrong with a label, or nil.
    func labelComplaint(_ text: String) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > labelLengthMax { return "is longer than \(labelLengthMax) bytes" }
        if text.unicodeScalars.contains(where: isControl) { return "has a control character" }
        return nil
    }

    func hasSubstitution(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: "${{".utf8) }
    }
}

private let labelLengthMax = 100
/// Seconds: thirty days.
private let durationMax = 30 * 86_400
private let durationUnits = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case _: false
    }
}
