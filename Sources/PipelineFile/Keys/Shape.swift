/// What may stand behind a key.
indirect enum Shape: Equatable, Sendable {
    /// A text that is taken as it stands.
    case text
    /// A text in which `${{ }}` may stand.
    case template
    /// An expression, without `${{ }}`.
    case expression
    case flag
    /// A flag of which only `false` means something.
    case no
    case integer(ClosedRange<Int>)
    /// A number that may have a fraction.
    case decimal
    case duration
    case size
    case nothing
    case choice([String])
    case list(Shape)
    /// A mapping whose keys are names the author chooses.
    case table(Shape)
    /// A mapping whose keys are exit codes.
    case codes(Shape)
    case fields(Place)
    case either([Shape])

    /// One text or a list of them.
    static let texts = Shape.either([.text, .list(.text)])
    static let templates = Shape.either([.template, .list(.template)])
    /// A number, a flag or a text, kept as it was written.
    static let scalar = Shape.text

    static func choice<Word>(of words: Word.Type) -> Shape
    where Word: CaseIterable & RawRepresentable, Word.RawValue == String {
        .choice(words.allCases.map(\.rawValue))
    }
}

/// The keys of one kind of mapping, in the order people are told of them.
struct Vocabulary: ExpressibleByArrayLiteral {
    let keys: [Key]
    /// The keys by their spelling.
    let words: [String: Word]
    let required: [Word]

    init(_ keys: [Key]) {
        self.keys = keys
        words = Dictionary(keys.map { ($0.word.rawValue, $0.word) }) { first, _ in first }
        required = keys.filter(\.isRequired).map(\.word)
    }

    init(arrayLiteral keys: Key...) {
        self.init(keys)
    }
}

/// One row of the vocabulary: a key, what may stand behind it, and what it means.
struct Key: Equatable, Sendable {
    var word: Word
    var shape: Shape
    var meaning: String
    var isRequired: Bool

    init(_ word: Word, _ shape: Shape, _ meaning: String, isRequired: Bool = false) {
        self.word = word
        self.shape = shape
        self.meaning = meaning
        self.isRequired = isRequired
    }
}
