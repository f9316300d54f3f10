import Core

/// A key of the file with its value: what a message needs to name what it is about.
struct Entry {
    var key: String
    var keyMark: Mark
    var value: YAMLNode
    /// What messages call it instead of its key.
    var title: String?

    var subject: String { title ?? quoted(key) }

    /// The key with its place.
    var located: Located<String> { Located(key, at: keyMark) }
}

/// The known keys of one mapping.
struct Fields {
    var place: Place
    var mark: Mark
    /// So few that looking through them is fastest.
    private var words: [Word] = []
    /// One for each of the words.
    private var entries: [Entry] = []
    /// Whether it has a key that the table does not know: the missing one may be meant.
    var hasStrangers = false

    init(place: Place, mark: Mark) {
        self.place = place
        self.mark = mark
    }

    subscript(_ word: Word) -> Entry? {
        get { words.firstIndex(of: word).map { entries[$0] } }
        set {
            guard let newValue else { return }
            words.append(word)
            entries.append(newValue)
        }
    }
}

extension PipelineReader {
    /// The keys of a mapping, each of which the table knows at this place; what it does not know
    /// or misses becomes a problem.
    mutating func fields(_ entry: Entry, in place: Place) -> Fields? {
        guard case .mapping(let pairs) = entry.value.content else {
            mistyped(entry, "a mapping", hint: hint(forNoMapping: entry, in: place))
            return nil
        }
        return fields(pairs, at: entry.value.start, in: place)
    }

    /// The same for some of a mapping's keys.
    mutating func fields(_ pairs: [YAMLPair], at mark: Mark, in place: Place) -> Fields {
        var fields = Fields(place: place, mark: mark)
        for pair in pairs {
            if let word = place.word(pair.key) {
                fields[word] = Entry(pair)
            } else {
                fields.hasStrangers = true
                refuse(pair.key, at: pair.keyMark, in: place)
            }
        }
        for word in place.vocabulary.required where fields[word] == nil {
            // A misspelt key has been answered already.
            if fields.hasStrangers { continue }
            problems.add("\(place.rawValue) needs '\(word.rawValue)'", at: fields.mark)
        }
        return fields
    }

    private func hint(forNoMapping entry: Entry, in place: Place) -> String {
        if place == .step, case .scalar(let text, _) = entry.value.content, !entry.value.isNull {
            return "a command is written '- run: \(shortened(text))'"
        }
        return place == .job ? "a job has at least 'steps'" : "its keys are \(place.keysListed)"
    }

    /// Says what is wrong with a key that the table does not have at this place.
    mutating func refuse(_ key: String, at mark: Mark, in place: Place) {
        if problems.isFull { return }
        problems.add(
            "unknown key \(quoted(key)) in \(place.rawValue)",
            at: mark,
            hint: hint(for: key, in: place)
        )
    }

    private func hint(for key: String, in place: Place) -> String {
        if let hint = ForeignWords.hint(for: key, in: place) { return hint }
        let known = place.keys.map(\.word.rawValue)
        let homes = Place.allCases.filter { $0.word(key) != nil }.map(\.rawValue)
        switch homes.count {
        case 0: break
        case 1...3: return "it belongs in \(homes.listed)"
        case _: return "its keys are \(known.listed)"
        }
        if let near = nearest(to: key, among: known) { return "did you mean '\(near)'?" }
        let foreign = ForeignWords.words(in: place).sorted()
        if let near = nearest(to: key, among: foreign),
            let hint = ForeignWords.hint(for: near, in: place)
        {
            return hint
        }
        return "its keys are \(known.listed)"
    }
}

extension Entry {
    init(_ pair: YAMLPair) {
        self.init(key: pair.key, keyMark: pair.keyMark, value: pair.value)
    }
}
