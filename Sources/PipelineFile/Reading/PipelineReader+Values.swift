import Core

/// The smallest things of the file: texts, flags, words, lists, tables.
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
            problems.add("\(entry.subject) has no value", at: entry.keyMark, hint: hint)
        } else {
            problems.add(
                "\(entry.subject) must be \(wanted), not \(entry.value.noun)",
                at: entry.value.start,
                hint: hint
            )
        }
    }

    /// Says what a value must be, whatever stands there instead; nothing has no place of its own.
    mutating func refuse(_ entry: Entry, _ complaint: String) {
        if entry.value.isNull {
            problems.add("\(quoted(entry.key)) has no value; it \(complaint)", at: entry.keyMark)
        } else {
            problems.add("\(quoted(entry.key)) \(complaint)", at: entry.value.start)
        }
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

    /// The same, each item under the name that messages call it by.
    mutating func list(_ entry: Entry, of place: Place) -> [Fields] {
        list(entry).compactMap { item in
            var item = item
            item.title = place.rawValue
            return fields(item, in: place)
        }
    }

    /// The keys and values of a mapping whose keys are the author's own.
    mutating func table(_ entry: Entry, hint: String? = nil) -> [Entry]? {
        guard case .mapping(let pairs) = entry.value.content else {
            mistyped(entry, "a mapping", hint: hint)
            return nil
        }
        return pairs.map(Entry.init)
    }

    /// As many of the items as there may be; that there are more is a problem.
    mutating func limited(_ items: [Entry], to limit: Int, _ noun: String) -> [Entry] {
        guard items.count > limit else { return items }
        problems.add("\(items.count) \(noun); there are at most \(limit)", at: items[limit].keyMark)
        return Array(items.prefix(limit))
    }

    mutating func flag(_ entry: Entry) -> Bool? {
        if case .scalar(let text, .plain) = entry.value.content {
            if text == "true" { return true }
            if text == "false" { return false }
        }
        refuse(entry, "must be true or false")
        return nil
    }

    /// One of the words of an enumeration.
    mutating func choice<Choice>(_ entry: Entry, _: Choice.Type) -> Choice?
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        choice(entry, among: Choice.allCases.map { ($0.rawValue, $0) })
    }

    mutating func choice<Choice>(
        _ entry: Entry,
        among choices: [(word: String, choice: Choice)]
    ) -> Choice? {
        guard let text = text(entry) else { return nil }
        if let found = choices.first(where: { $0.word == text }) { return found.choice }
        let words = choices.map(\.word)
        problems.add(
            "\(quoted(entry.key)) cannot be \(quoted(text))",
            at: entry.value.start,
            hint: nearest(to: text, among: words).map { "did you mean '\($0)'?" }
                ?? "it is one of \(words.listed)"
        )
        return nil
    }
}
