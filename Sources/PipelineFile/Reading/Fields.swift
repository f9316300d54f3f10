/// A key of the file with its value: what a message needs to name what it is about.
struct Entry {
    var key: String
    var keyMark: Mark
    var value: YAMLNode
}

/// The known keys of one mapping.
struct Fields {
    var place: Place
    var mark: Mark
    var entries: [String: Entry]
    /// Whether it has a key that the table does not know: the missing one may be meant.
    var hasStrangers = false

    subscript(_ word: Word) -> Entry? { entries[word.rawValue] }
}

extension PipelineReader {
    /// The keys of a mapping, each of which the table knows at this place; what it does not know
    /// or misses becomes a problem.
    mutating func fields(_ entry: Entry, in place: Place) -> Fields? {
        guard case .mapping(let pairs) = entry.value.content else {
            let keys = place.keys.map(\.word.rawValue)
            mistyped(entry, "a mapping", hint: keys.isEmpty ? nil : "its keys are \(keys.listed)")
            return nil
        }
        var fields = Fields(place: place, mark: entry.value.start, entries: [:])
        for pair in pairs {
            if place.keys.contains(where: { $0.word.rawValue == pair.key }) {
                fields.entries[pair.key] = Entry(
                    key: pair.key,
                    keyMark: pair.keyMark,
                    value: pair.value
                )
            } else {
                fields.hasStrangers = true
                refuse(pair.key, at: pair.keyMark, in: place)
            }
        }
        for key in place.keys where key.isRequired && fields[key.word] == nil {
            problems.add("\(place.rawValue) needs '\(key.word.rawValue)'", at: fields.mark)
        }
        return fields
    }

    /// Says what is wrong with a key that the table does not have at this place.
    mutating func refuse(_ key: String, at mark: Mark, in place: Place) {
        if problems.isFull { return }
        if place.laterKeys.contains(key) {
            problems.add("\(quoted(key)) is not supported yet", at: mark)
            return
        }
        problems.add(
            "unknown key \(quoted(key)) in \(place.rawValue)",
            at: mark,
            hint: hint(for: key, in: place)
        )
    }

    private func hint(for key: String, in place: Place) -> String? {
        if place == .job, key == "name" { return "the key of a job is its name" }
        if let hint = foreignWords[key] { return hint }
        let homes = Place.allCases.filter { home in
            home.keys.contains { $0.word.rawValue == key }
        }
        if !homes.isEmpty { return "it belongs in \(homes.map(\.rawValue).listed)" }
        if let home = Place.allCases.first(where: { $0.laterKeys.contains(key) }) {
            return "it belongs in \(home.rawValue), and is not supported yet"
        }
        let known = place.keys.map(\.word.rawValue)
        if let near = nearest(to: key, among: known + place.laterKeys) {
            return "did you mean '\(near)'?"
        }
        if let near = nearest(to: key, among: foreignWords.keys.sorted()) {
            return foreignWords[near]
        }
        return known.isEmpty ? nil : "its keys are \(known.listed)"
    }
}

extension [String] {
    /// `a, b and c`.
    var listed: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
