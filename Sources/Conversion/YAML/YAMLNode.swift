/// A value of the foreign file: a text, a list or a mapping.
///
/// Aliases and merge keys have become what they stand for.
struct YAMLNode {
    enum Content {
        /// Plain means unquoted: only then can a text mean "nothing" or a flag.
        case text(String, isPlain: Bool)
        case list([YAMLNode])
        case mapping([YAMLPair])
    }

    var content: Content
    var mark: Mark
    /// Whether it is GitLab's `!reference [job, key]`.
    var isReference = false
}

/// A key with its value.
struct YAMLPair {
    var key: String
    var mark: Mark
    var value: YAMLNode
}

extension YAMLNode {
    static func text(_ text: String, at mark: Mark) -> YAMLNode {
        YAMLNode(content: .text(text, isPlain: false), mark: mark)
    }

    /// The text it is; nothing is no text.
    var text: String? {
        guard case .text(let text, _) = content, !isNull else { return nil }
        return text
    }

    var isNull: Bool {
        guard case .text(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The items of a list; a single value is a list of itself, and nothing is an empty list.
    var items: [YAMLNode] {
        switch content {
        case .list(let items): items
        case .text, .mapping: isNull ? [] : [self]
        }
    }

    /// The keys of a mapping; what is none has none.
    var pairs: [YAMLPair] {
        guard case .mapping(let pairs) = content else { return [] }
        return pairs
    }

    var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    var isList: Bool {
        if case .list = content { true } else { false }
    }

    /// The texts of a list, or the one text it is.
    var texts: [String] { items.compactMap(\.text) }

    /// Texts inside lists inside lists, as GitLab reads scripts.
    var flatTexts: [String] {
        items.flatMap { $0.isList ? $0.flatTexts : $0.texts }
    }

    var flag: Bool? {
        guard case .text(let text, isPlain: true) = content else { return nil }
        switch text {
        case "true", "True", "TRUE", "yes", "on": return true
        case "false", "False", "FALSE", "no", "off": return false
        case _: return nil
        }
    }

    var number: Int? { text.flatMap { Int($0) } }

    subscript(key: String) -> YAMLNode? {
        // The last one counts where a key is there twice, as in the systems this is read for.
        pairs.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// What it is on one line, for remarks.
    var flow: String {
        switch content {
        case .text(let text, _): text
        case .list(let items): "[" + items.prefix(9).map(\.flow).joined(separator: ", ") + "]"
        case .mapping(let pairs) where pairs.isEmpty: "{}"
        case .mapping(let pairs):
            "{ " + pairs.prefix(9).map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ")
                + " }"
        }
    }
}
