/// What people write who come from another system, and what it is called here.
struct ForeignWords {
    /// What to say about the word at this place, or nil when nobody is known to use it.
    static func hint(for word: String, in place: Place) -> String? {
        hints[place]?[word] ?? generalHints[word]
    }

    /// Every word with a hint at this place.
    static func words(in place: Place) -> [String] {
        (hints[place].map { Array($0.keys) } ?? []) + generalHints.keys
    }

    private static let generalHints = table(of: foreignWordsAnywhere)

    private static let hints: [Place: [String: String]] = {
        var hints: [Place: [String: String]] = [:]
        for (places, groups) in foreignWordsByPlace {
            for place in places {
                hints[place, default: [:]].merge(table(of: groups)) { first, _ in first }
            }
        }
        return hints
    }()

    private static func table(of groups: [ForeignGroup]) -> [String: String] {
        var table: [String: String] = [:]
        for group in groups {
            for word in group.words.split(separator: " ") where table[String(word)] == nil {
                table[String(word)] = group.hint
            }
        }
        return table
    }
}

/// Words of other systems that mean the same thing here.
struct ForeignGroup {
    let words: String
    let hint: String

    init(_ words: String, _ hint: String) {
        self.words = words
        self.hint = hint
    }
}
