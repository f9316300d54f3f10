/// How much an expression may be.
struct ExpressionLimits {
    /// In bytes, of one expression.
    var length: Int
    /// Of parentheses, lists, calls and `!` in each other.
    var depth: Int

    /// Of what people write.
    static let written = ExpressionLimits(length: 4_096, depth: 32)
    /// Of what planning made, with what it knew written in.
    static let planned = ExpressionLimits(length: 1 << 20, depth: 64)
}

/// Reads an expression into a tree.
///
/// From loosest to tightest: `||`, `&&`, one comparison, `!`, and what stands alone.
struct ExpressionParser {
    private var lexer: ExpressionLexer
    private var token: ExpressionToken = .end
    private(set) var range = 0..<0
    private var previousEnd = 0
    private var depth = 0
    private let limits: ExpressionLimits
    private let start: Int

    /// Begins at a byte of a text, which need not be its first.
    init(
        _ bytes: [UInt8],
        from start: Int = 0,
        limits: ExpressionLimits
    ) throws(ExpressionError) {
        lexer = ExpressionLexer(bytes: bytes, position: start)
        self.limits = limits
        self.start = start
        try advance()
    }

    /// The expression up to its end, which is the end of the text or `}}`.
    mutating func whole(until end: ExpressionToken) throws(ExpressionError) -> ExpressionNode {
        if token == end {
            throw ExpressionError("there is no expression here", at: range)
        }
        let node = try any()
        if token == end { return node }
        if token == .end {
            throw ExpressionError("'}}' is missing", at: range)
        }
        let isSecond: Bool
        if case .comparison = token { isSecond = true } else { isSecond = false }
        throw ExpressionError(
            isSecond ? "a second comparison" : "this does not belong here",
            at: range,
            hint: isSecond ? "join two comparisons with &&" : "an operator may be missing before it"
        )
    }

    /// The byte behind what was read.
    var end: Int { range.upperBound }

    private mutating func advance() throws(ExpressionError) {
        previousEnd = range.upperBound
        let (token, range) = try lexer.next()
        self.token = token
        self.range = range
        if range.upperBound - start > limits.length + 2 {
            throw ExpressionError(
                "an expression has at most \(limits.length) bytes",
                at: range
            )
        }
    }

    private mutating func any() throws(ExpressionError) -> ExpressionNode {
        let first = try all()
        guard token == .or else { return first }
        var nodes = [first]
        while token == .or {
            try advance()
            nodes.append(try all())
        }
        return ExpressionNode(.any(nodes), first.range.lowerBound..<previousEnd)
    }

    private mutating func all() throws(ExpressionError) -> ExpressionNode {
        let first = try comparison()
        guard token == .and else { return first }
        var nodes = [first]
        while token == .and {
            try advance()
            nodes.append(try comparison())
        }
        return ExpressionNode(.all(nodes), first.range.lowerBound..<previousEnd)
    }

    private mutating func comparison() throws(ExpressionError) -> ExpressionNode {
        let left = try unary()
        guard case .comparison(let comparison) = token else { return left }
        try advance()
        let right = try unary()
        return ExpressionNode(
            .comparison(comparison, left, right),
            left.range.lowerBound..<previousEnd
        )
    }

    private mutating func unary() throws(ExpressionError) -> ExpressionNode {
        guard token == .not else { return try primary() }
        let start = range.lowerBound
        try enter()
        try advance()
        let node = try unary()
        depth -= 1
        return ExpressionNode(.not(node), start..<previousEnd)
    }

    private mutating func enter() throws(ExpressionError) {
        depth += 1
        if depth > limits.depth {
            throw ExpressionError(
                "an expression is at most \(limits.depth) levels deep",
                at: range
            )
        }
    }

    private mutating func primary() throws(ExpressionError) -> ExpressionNode {
        let start = range.lowerBound
        switch token {
        case .number(let number):
            try advance()
            return ExpressionNode(.literal(.number(number)), start..<previousEnd)
        case .text(let text):
            try advance()
            return ExpressionNode(.literal(.text(text)), start..<previousEnd)
        case .word(let word):
            return try name(word)
        case .open:
            try enter()
            try advance()
            var node = try any()
            try expect(.close, ")")
            depth -= 1
            node.range = start..<previousEnd
            return node
        case .openList:
            let nodes = try items(until: .closeList, "]")
            return ExpressionNode(.list(nodes), start..<previousEnd).withTextsJoined
        case .end, .braces:
            throw ExpressionError("something is missing here", at: range)
        case .comparison, .and, .or, .not, .close, .closeList, .comma, .dot:
            throw ExpressionError(
                "this does not belong here",
                at: range,
                hint: "a name, a text, a number or a call is missing before it"
            )
        }
    }

    /// What stands between brackets or parentheses, with commas between.
    private mutating func items(
        until end: ExpressionToken,
        _ sign: String
    ) throws(ExpressionError) -> [ExpressionNode] {
        try enter()
        try advance()
        var nodes: [ExpressionNode] = []
        while token != end {
            nodes.append(try any())
            guard token == .comma else { break }
            try advance()
        }
        try expect(end, sign)
        depth -= 1
        return nodes
    }

    private mutating func expect(
        _ wanted: ExpressionToken,
        _ sign: String
    ) throws(ExpressionError) {
        guard token == wanted else {
            throw ExpressionError("'\(sign)' is missing", at: range)
        }
        try advance()
    }

    private mutating func name(_ word: String) throws(ExpressionError) -> ExpressionNode {
        let start = range
        try advance()
        if token == .open { return try call(word, start) }
        if word == "true" || word == "false" {
            return ExpressionNode(.literal(.flag(word == "true")), start)
        }
        var path = [word]
        while token == .dot || token == .openList {
            path.append(try (token == .dot ? wordAfterDot() : wordInBrackets()))
            if path.count > ExpressionName.wordsMax {
                throw ExpressionError(
                    "no name has so many parts",
                    at: start.lowerBound..<previousEnd
                )
            }
        }
        let range = start.lowerBound..<previousEnd
        return ExpressionNode(.name(ExpressionName(path: path)), range)
    }

    private mutating func wordAfterDot() throws(ExpressionError) -> String {
        guard let (word, range) = lexer.wordAfterDot() else {
            throw ExpressionError("a name is missing behind the dot", at: self.range)
        }
        self.range = range
        try advance()
        return word
    }

    private mutating func wordInBrackets() throws(ExpressionError) -> String {
        try advance()
        guard case .text(let word) = token, !word.isEmpty else {
            throw ExpressionError(
                "between [ and ] stands a text",
                at: range,
                hint: "such as needs['a job'].result"
            )
        }
        try advance()
        try expect(.closeList, "]")
        return word
    }

    private mutating func call(
        _ word: String,
        _ name: Range<Int>
    ) throws(ExpressionError) -> ExpressionNode {
        guard let function = ExpressionFunction(rawValue: word) else {
            let known = ExpressionFunction.allCases.map(\.rawValue)
            throw ExpressionError(
                "no function is called \(quoted(word))",
                at: name,
                hint: nearest(to: word, among: known).map { "did you mean '\($0)'?" }
                    ?? "there are \(known.listed)"
            )
        }
        let arguments = try items(until: .close, ")")
        let range = name.lowerBound..<previousEnd
        guard function.arity.contains(arguments.count) else {
            throw ExpressionError(function.arityMessage, at: range)
        }
        if function == .hash, let other = arguments.first(where: { !$0.isTextLiteral }) {
            throw ExpressionError(
                "hash() takes patterns written out",
                at: other.range,
                hint: "such as hash('Package.swift', 'Sources/**')"
            )
        }
        return ExpressionNode(.call(function, arguments), range)
    }
}

extension ExpressionNode {
    fileprivate var isTextLiteral: Bool {
        if case .literal(.text) = kind { true } else { false }
    }
}

extension ExpressionFunction {
    fileprivate var arityMessage: String {
        switch self {
        case .success, .failure, .always, .cancelled, .changed:
            "\(rawValue)() takes nothing"
        case .hash:
            "hash() takes 1 to \(arity.upperBound) patterns"
        case .startsWith, .endsWith, .contains:
            "\(rawValue)() takes two arguments"
        }
    }
}
