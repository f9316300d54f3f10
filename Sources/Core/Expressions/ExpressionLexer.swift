/// The smallest pieces of an expression.
enum ExpressionToken: Equatable {
    case word(String)
    case number(Double)
    case text(String)
    case comparison(ExpressionOperator)
    case and
    case or
    case not
    case open
    case close
    case openList
    case closeList
    case comma
    case dot
    /// `}}`, which ends an expression inside a template.
    case braces
    case end
}

/// Cuts the bytes of an expression into tokens, one at a time.
struct ExpressionLexer {
    let bytes: [UInt8]
    var position: Int

    /// Digits that a number keeps exactly.
    static let digitsMax = 15

    /// The next token and the bytes it was read from.
    mutating func next() throws(ExpressionError) -> (ExpressionToken, Range<Int>) {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
        let start = position
        let token = try token()
        return (token, start..<position)
    }

    private mutating func token() throws(ExpressionError) -> ExpressionToken {
        guard position < bytes.count else { return .end }
        let byte = bytes[position]
        if isWordStart(byte) { return word() }
        if isDigit(byte) || byte == UInt8(ascii: "-") { return try number() }
        if byte == UInt8(ascii: "'") { return try text() }
        let next = position + 1 < bytes.count ? bytes[position + 1] : 0
        guard let (token, length) = Self.sign(byte, next) else { throw stray(byte) }
        position += length
        return token
    }

    /// What one byte, or two together, stand for.
    private static func sign(_ byte: UInt8, _ next: UInt8) -> (ExpressionToken, Int)? {
        switch (byte, next) {
        case (UInt8(ascii: "="), UInt8(ascii: "=")): (.comparison(.equal), 2)
        case (UInt8(ascii: "!"), UInt8(ascii: "=")): (.comparison(.unequal), 2)
        case (UInt8(ascii: "="), UInt8(ascii: "~")): (.comparison(.matches), 2)
        case (UInt8(ascii: "<"), UInt8(ascii: "=")): (.comparison(.lessOrEqual), 2)
        case (UInt8(ascii: ">"), UInt8(ascii: "=")): (.comparison(.greaterOrEqual), 2)
        case (UInt8(ascii: "&"), UInt8(ascii: "&")): (.and, 2)
        case (UInt8(ascii: "|"), UInt8(ascii: "|")): (.or, 2)
        case (UInt8(ascii: "}"), UInt8(ascii: "}")): (.braces, 2)
        case (UInt8(ascii: "<"), _): (.comparison(.less), 1)
        case (UInt8(ascii: ">"), _): (.comparison(.greater), 1)
        case (UInt8(ascii: "!"), _): (.not, 1)
        case (UInt8(ascii: "("), _): (.open, 1)
        case (UInt8(ascii: ")"), _): (.close, 1)
        case (UInt8(ascii: "["), _): (.openList, 1)
        case (UInt8(ascii: "]"), _): (.closeList, 1)
        case (UInt8(ascii: ","), _): (.comma, 1)
        case (UInt8(ascii: "."), _): (.dot, 1)
        case _: nil
        }
    }

    private mutating func word() -> ExpressionToken {
        let word = takeWord()
        return word == ExpressionOperator.isIn.rawValue ? .comparison(.isIn) : .word(word)
    }

    /// What stands behind a dot, where digits may come first and `in` is a word like any other.
    mutating func wordAfterDot() -> (String, Range<Int>)? {
        let start = position
        let word = takeWord()
        return word.isEmpty ? nil : (word, start..<position)
    }

    private mutating func takeWord() -> String {
        let start = position
        while position < bytes.count, isWordByte(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func number() throws(ExpressionError) -> ExpressionToken {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let whole = takeDigits()
        var fraction = 0
        if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "."),
            isDigit(bytes[position + 1])
        {
            position += 1
            fraction = takeDigits()
        }
        let isCut = position < bytes.count && (isWordByte(bytes[position]) || isPoint(position))
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard whole > 0, !isCut, whole + fraction <= Self.digitsMax, let number = Double(text)
        else {
            throw ExpressionError(
                "this is not a number",
                at: start..<max(position, start + 1),
                hint: "a number is written like 7, -1 or 2.5; a text stands between ' quotes"
            )
        }
        // There is one zero.
        return .number(number == 0 ? 0 : number)
    }

    private func isPoint(_ index: Int) -> Bool { bytes[index] == UInt8(ascii: ".") }

    private mutating func takeDigits() -> Int {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position - start
    }

    /// Text between quotes, in which two quotes stand for one.
    private mutating func text() throws(ExpressionError) -> ExpressionToken {
        let start = position
        let quote = UInt8(ascii: "'")
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == quote else {
                text.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == quote else {
                return .text(String(decoding: text, as: UTF8.self))
            }
            text.append(quote)
            position += 1
        }
        throw ExpressionError(
            "this text has no end",
            at: start..<bytes.count,
            hint: "close it with ', and write a quote inside it twice"
        )
    }

    private func stray(_ byte: UInt8) -> ExpressionError {
        let hint: String?
        switch byte {
        case UInt8(ascii: "\""): hint = "a text stands between ' quotes"
        case UInt8(ascii: "="): hint = "write == to compare"
        case UInt8(ascii: "&"): hint = "write &&"
        case UInt8(ascii: "|"): hint = "write ||"
        case UInt8(ascii: "$"): hint = "names stand alone here, without $ and braces"
        case _: hint = nil
        }
        let length =
            byte < 0x80 ? 1 : bytes[(position + 1)...].prefix { $0 & 0xC0 == 0x80 }.count + 1
        return ExpressionError(
            "this means nothing in an expression",
            at: position..<(position + length),
            hint: hint
        )
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
