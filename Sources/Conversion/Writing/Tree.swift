/// What is written as YAML: an ordered tree with comments.
indirect enum Tree: Equatable, Sendable {
    /// A text, in quotes where YAML 1.2 or a reader needs them.
    case text(String)
    /// A word that is written as it is: a flag, a number, a duration.
    case word(String)
    case list([Tree])
    case mapping(Mapping)

    static func texts(_ texts: [String]) -> Tree { .list(texts.map { .text($0) }) }

    static func flag(_ flag: Bool) -> Tree { .word(flag ? "true" : "false") }
}

/// Keys in the order they are written in, each with the comments above it.
struct Mapping: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var comments: [String] = []
        var key: String
        var value: Tree
        /// Whether an empty line goes before it.
        var isApart = false
    }

    var entries: [Entry] = []
    /// What is said behind the last key.
    var comments: [String] = []
    /// Whether it goes over several lines even where one would do.
    var isBlock = false
    /// Whether an empty line goes before what is said behind the last key.
    var endsApart = false

    init(_ entries: [Entry] = [], isBlock: Bool = false) {
        self.entries = entries
        self.isBlock = isBlock
    }

    init(_ pairs: KeyValuePairs<String, Tree?>) {
        for (key, value) in pairs {
            if let value { set(key, value) }
        }
    }

    var isEmpty: Bool { entries.isEmpty && comments.isEmpty }

    mutating func set(_ key: String, _ value: Tree, comments: [String] = []) {
        entries.append(Entry(comments: comments, key: key, value: value))
    }
}

extension Tree {
    var hasComments: Bool {
        switch self {
        case .text, .word: false
        case .list(let items): items.contains(where: \.hasComments)
        case .mapping(let mapping):
            !mapping.comments.isEmpty
                || mapping.entries.contains { !$0.comments.isEmpty || $0.value.hasComments }
        }
    }

    /// Whether it has to go over several lines.
    fileprivate var isTall: Bool {
        switch self {
        case .text(let text): text.utf8.contains { $0.isNewline }
        case .word: false
        case .list(let items): items.contains(where: \.isTall)
        case .mapping(let mapping):
            mapping.isBlock || mapping.entries.contains { $0.value.isTall }
        }
    }

    private var height: Int {
        switch self {
        case .text, .word: 0
        case .list(let items): 1 + (items.map(\.height).max() ?? 0)
        case .mapping(let mapping): 1 + (mapping.entries.map(\.value.height).max() ?? 0)
        }
    }

    /// The tree on one line, if it may and can stand on one of this width.
    func onOneLine(columnsMax: Int) -> String? {
        guard !hasComments, !isTall, height <= 3 else { return nil }
        let line = flow
        return line.unicodeScalars.count <= columnsMax ? line : nil
    }

    private var flow: String {
        switch self {
        case .text(let text): Scalar.inFlow(text)
        case .word(let word): word
        case .list(let items):
            items.isEmpty ? "[]" : "[" + items.map(\.flow).joined(separator: ", ") + "]"
        case .mapping(let mapping):
            mapping.entries.isEmpty
                ? "{}"
                : "{ "
                    + mapping.entries.map {
                        "\(Scalar.key($0.key, isInFlow: true)): \($0.value.flow)"
                    }
                    .joined(separator: ", ") + " }"
        }
    }
}
