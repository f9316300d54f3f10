extension ExpressionLimits {
    /// Bytes of a pattern, or of what is looked for.
    static let patternMax = 1_000
    /// Bytes of an expression or a text with values put in.
    static let foldedMax = 65_536
}

extension ExpressionOperator {
    /// Whether it holds between two values; nil where it cannot compare such.
    func holds(
        _ left: ExpressionValue,
        _ right: ExpressionValue,
        at range: Range<Int>
    ) throws(ExpressionError) -> Bool? {
        guard accepts(left.type, right.type) else { return nil }
        switch (self, left, right) {
        case (.equal, _, _): return left.isSame(as: right)
        case (.unequal, _, _): return !left.isSame(as: right)
        case (.less, .number(let one), .number(let other)): return one < other
        case (.lessOrEqual, .number(let one), .number(let other)): return one <= other
        case (.greater, .number(let one), .number(let other)): return one > other
        case (.greaterOrEqual, .number(let one), .number(let other)): return one >= other
        case (.isIn, .text(let text), .texts(let texts)): return texts.contains { isSame($0, text) }
        case (.matches, .text(let text), .text(let pattern)):
            try requireShort(pattern, at: range)
            return Glob(pattern).matches(text)
        case (.matches, .texts(let texts), .text(let pattern)):
            try requireShort(pattern, at: range)
            let glob = Glob(pattern)
            return texts.contains { glob.matches($0) }
        case (.less, _, _), (.lessOrEqual, _, _), (.greater, _, _), (.greaterOrEqual, _, _),
            (.isIn, _, _), (.matches, _, _):
            return nil
        }
    }
}

extension ExpressionFunction {
    /// Whether one value has the other in it, byte by byte; nil where it cannot have.
    func holds(
        _ whole: ExpressionValue,
        _ part: ExpressionValue,
        at range: Range<Int>
    ) throws(ExpressionError) -> Bool? {
        guard case .text(let part) = part else { return nil }
        switch (self, whole) {
        case (.startsWith, .text(let text)): return text.utf8.starts(with: part.utf8)
        case (.endsWith, .text(let text)):
            return text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
        case (.contains, .texts(let texts)): return texts.contains { isSame($0, part) }
        case (.contains, .text(let text)):
            try requireShort(part, at: range)
            let (bytes, wanted) = (Array(text.utf8), Array(part.utf8))
            guard bytes.count >= wanted.count else { return false }
            return (0...(bytes.count - wanted.count)).contains {
                bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
            }
        case (.startsWith, _), (.endsWith, _), (.contains, _), (.success, _), (.failure, _),
            (.always, _), (.cancelled, _), (.changed, _), (.hash, _):
            return nil
        }
    }
}

extension ExpressionValue {
    fileprivate func isSame(as other: ExpressionValue) -> Bool {
        switch (self, other) {
        case (.text(let one), .text(let other)): Core.isSame(one, other)
        case (.number(let one), .number(let other)): one == other
        case (.flag(let one), .flag(let other)): one == other
        case (.text, _), (.number, _), (.flag, _), (.texts, _): false
        }
    }
}

/// Two texts are the same when their bytes are: an accent is not the same in two spellings.
func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.elementsEqual(other.utf8)
}

/// Keeps the time of a search in bounds.
private func requireShort(_ pattern: String, at range: Range<Int>) throws(ExpressionError) {
    if pattern.utf8.count > ExpressionLimits.patternMax {
        throw ExpressionError(
            "what is looked for has at most \(ExpressionLimits.patternMax) bytes",
            at: range
        )
    }
}
