/// An expression of another system, as a tree.
indirect enum ForeignExpression: Equatable {
    case text(String)
    case number(String)
    /// Words between dots; a word between brackets counts as one.
    case name([String])
    /// `$NAME` or `${NAME}`.
    case variable(String)
    /// What stands between slashes.
    case pattern(String)
    case list([ForeignExpression])
    case call(String, [ForeignExpression])
    case not(ForeignExpression)
    case binary(String, ForeignExpression, ForeignExpression)

    /// As it may be shown to a person.
    var shown: String {
        switch self {
        case .text(let text): "'\(text)'"
        case .number(let number): number
        case .name(let words): words.joined(separator: ".")
        case .variable(let name): "$\(name)"
        case .pattern(let pattern): "/\(pattern)/"
        case .list(let items): "[" + items.map(\.shown).joined(separator: ", ") + "]"
        case .call(let name, let arguments):
            name + "(" + arguments.map(\.shown).joined(separator: ", ") + ")"
        case .not(let inner): "!" + inner.shown
        case .binary(let sign, let left, let right): "\(left.shown) \(sign) \(right.shown)"
        }
    }
}

/// What differs between the systems in how expressions are written.
struct ExpressionSyntax {
    /// Operators that are words.
    var wordOperators: [String: String] = [:]
    /// Whether `-` may stand inside a name.
    var hasDashes = false
    /// Whether two quotes inside a text stand for one.
    var doublesQuotes = false

    static let github = ExpressionSyntax(hasDashes: true, doublesQuotes: true)
    static let gitlab = ExpressionSyntax()
    static let woodpecker = ExpressionSyntax(
        wordOperators: [
            "and": "&&", "or": "||", "not": "!", "in": "in", "contains": "contains",
            "startsWith": "startsWith", "endsWith": "endsWith", "matches": "=~",
        ]
    )
}

/// Reads foreign expressions; nil where it cannot.
struct ForeignExpressionParser {
    private let bytes: [UInt8]
    private let syntax: ExpressionSyntax
    private var position = 0
    private var depth = 0

    private static let bytesMax = 8_192
    private static let depthMax = 32
    private static let levels: [[String]] = [
        ["||"], ["&&"],
        ["==", "!=", "<=", ">=", "=~", "!~", "<", ">", "contains", "startsWith", "endsWith", "in"],
    ]

    static func parse(_ text: String, _ syntax: ExpressionSyntax) -> ForeignExpression? {
        guard text.utf8.count <= bytesMax else { return nil }
        var parser = ForeignExpressionParser(bytes: Array(text.utf8), syntax: syntax)
        guard let expression = parser.binary(level: 0) else { return nil }
        parser.skipBlanks()
        return parser.position == parser.bytes.count ? expression : nil
    }

    private init(bytes: [UInt8], syntax: ExpressionSyntax) {
        self.bytes = bytes
        self.syntax = syntax
    }

    private mutating func binary(level: Int) -> ForeignExpression? {
        guard level < Self.levels.count else { return unary() }
        guard var left = binary(level: level + 1) else { return nil }
        while let sign = takeOperator(among: Self.levels[level]) {
            guard let right = binary(level: level + 1) else { return nil }
            left = .binary(sign, left, right)
        }
        return left
    }

    private mutating func unary() -> ForeignExpression? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { return nil }
        if peekOperator() == "!" {
            _ = takeOperator(among: ["!"])
            return unary().map { .not($0) }
        }
        return primary()
    }

    private mutating func primary() -> ForeignExpression? {
        skipBlanks()
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "("):
            position += 1
            guard let inner = binary(level: 0), take(UInt8(ascii: ")")) else { return nil }
            return inner
        case UInt8(ascii: "["):
            position += 1
            return items(until: UInt8(ascii: "]")).map { .list($0) }
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return text(byte).map { .text($0) }
        case UInt8(ascii: "/"): return pattern()
        case UInt8(ascii: "$"): return variable()
        case _ where byte.isDigit || byte == UInt8(ascii: "-"): return number()
        case _ where byte.isLetter || byte == UInt8(ascii: "_"): return name()
        case _: return nil
        }
    }

    private mutating func items(until end: UInt8) -> [ForeignExpression]? {
        var items: [ForeignExpression] = []
        if take(end) { return items }
        while true {
            guard let item = binary(level: 0) else { return nil }
            items.append(item)
            if take(end) { return items }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }

    private mutating func text(_ quote: UInt8) -> String? {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == quote else {
                text.append(byte)
                continue
            }
            guard syntax.doublesQuotes, position < bytes.count, bytes[position] == quote else {
                return String(decoding: text, as: UTF8.self)
            }
            text.append(quote)
            position += 1
        }
        return nil
    }

    private mutating func pattern() -> ForeignExpression? {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "/") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else { return nil }
        let pattern = String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        while position < bytes.count, bytes[position].isLetter { position += 1 }
        return .pattern(pattern)
    }

    private mutating func variable() -> ForeignExpression? {
        position += 1
        let isBraced = position < bytes.count && bytes[position] == UInt8(ascii: "{")
        if isBraced { position += 1 }
        let name = word { $0.isWord }
        if isBraced, !take(UInt8(ascii: "}")) { return nil }
        return name.isEmpty ? nil : .variable(name)
    }

    private mutating func number() -> ForeignExpression? {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = word { $0.isDigit || $0 == UInt8(ascii: ".") }
        return digits.isEmpty
            ? nil : .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func name() -> ForeignExpression? {
        let hasDashes = syntax.hasDashes
        var words = [word { $0.isWord || (hasDashes && $0 == UInt8(ascii: "-")) }]
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: ".") {
                position += 1
                let next = word {
                    $0.isWord || $0 == UInt8(ascii: "*") || (hasDashes && $0 == UInt8(ascii: "-"))
                }
                guard !next.isEmpty else { return nil }
                words.append(next)
            } else if bytes[position] == UInt8(ascii: "[") {
                position += 1
                guard let index = items(until: UInt8(ascii: "]")), index.count == 1 else {
                    return nil
                }
                if case .text(let word) = index[0] { words.append(word) } else { return nil }
            } else {
                break
            }
        }
        if words.count == 1, take(UInt8(ascii: "(")) {
            return items(until: UInt8(ascii: ")")).map { .call(words[0], $0) }
        }
        return .name(words)
    }

    private mutating func word(_ isIn: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, isIn(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position].isBlank || bytes[position].isNewline {
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private static let signs = ["||", "&&", "==", "!=", "<=", ">=", "=~", "!~", "<", ">", "!"]

    /// The operator that comes next, and where it ends.
    private func nextOperator() -> (sign: String, end: Int)? {
        let start = bytes[position...].firstIndex { !$0.isBlank && !$0.isNewline } ?? bytes.count
        if let sign = Self.signs.first(where: { bytes[start...].starts(with: $0.utf8) }) {
            return (sign, start + sign.utf8.count)
        }
        let word = bytes[start...].prefix { $0.isLetter }
        return syntax.wordOperators[String(decoding: word, as: UTF8.self)].map {
            ($0, word.endIndex)
        }
    }

    private func peekOperator() -> String? { nextOperator()?.sign }

    private mutating func takeOperator(among signs: [String]) -> String? {
        guard let (sign, end) = nextOperator(), signs.contains(sign) else { return nil }
        position = end
        return sign
    }
}
