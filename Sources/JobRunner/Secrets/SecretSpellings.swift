/// The ways in which tools write a secret down.
///
/// Masking is best effort: whoever wants to show a secret finds another way. These are the ways
/// in which it happens by accident.
struct SecretSpellings {
    /// Found only as they are.
    private(set) var plain: Set<[UInt8]> = []
    /// Found also where tools broke them into lines.
    private(set) var wrapped: Set<[UInt8]> = []

    /// Shorter texts are everywhere by chance.
    static let bytesMin = 4
    /// A line of a longer text is a secret by itself from this length on: what is shorter, such as
    /// `-`, is in many texts.
    static let lineBytesMin = 8
    /// So many letters of one stand on its first line: the end of a line that happens to be the
    /// first letter of a secret need not be held back until the next line comes.
    static let headBytes = 4
    /// Longer texts are hidden piece by piece, so that a part of one is hidden too.
    static let pieceBytes = 64

    init(_ secrets: some Sequence<String>) {
        for secret in secrets { add(Array(secret.utf8)) }
    }

    /// Whether a text is long enough to be hidden.
    static func isHideable(_ secret: String) -> Bool {
        Array(secret.utf8)[...].trimmed.count >= bytesMin
    }

    private mutating func add(_ secret: [UInt8]) {
        let bytes = Array(secret[...].trimmed)
        guard bytes.count >= Self.bytesMin else { return }
        add(plain: bytes)
        for line in secret.split(separator: UInt8(ascii: "\n")) {
            let line = line.trimmed
            if line.count >= Self.lineBytesMin { add(plain: Array(line)) }
        }
        for text in Self.escapings(of: bytes) { add(plain: text) }
        for text in Self.encodings(of: bytes) {
            for piece in Self.pieces(of: text) {
                wrapped.insert(piece)
                let rest = piece.dropFirst(Self.headBytes - 1)
                if rest.count >= Self.headBytes { wrapped.insert(Array(rest)) }
            }
        }
    }

    private mutating func add(plain text: [UInt8]) {
        for piece in Self.pieces(of: text) { plain.insert(piece) }
    }

    /// All of a text; the last piece may overlap the one before it.
    private static func pieces(of text: [UInt8]) -> [[UInt8]] {
        guard text.count >= bytesMin else { return [] }
        guard text.count > pieceBytes else { return [text] }
        var pieces = stride(from: 0, to: text.count - pieceBytes, by: pieceBytes).map {
            Array(text[$0..<($0 + pieceBytes)])
        }
        pieces.append(Array(text.suffix(pieceBytes)))
        return pieces
    }

    // MARK: Letters in the place of bytes

    /// Base64 in both alphabets wherever in a longer text it begins, and hexadecimal in both cases.
    private static func encodings(of bytes: [UInt8]) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for alphabet in [standardAlphabet, urlAlphabet] {
            for offset in 0..<3 { texts.append(base64(bytes, behind: offset, in: alphabet)) }
        }
        for digits in [lowerDigits, upperDigits] {
            texts.append(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        }
        return texts
    }

    /// The letters that depend on these bytes alone, whatever stands before and behind them.
    private static func base64(
        _ bytes: [UInt8],
        behind offset: Int,
        in alphabet: [UInt8]
    ) -> [UInt8] {
        let padded = Array(repeating: 0, count: offset) + bytes
        var letters: [UInt8] = []
        letters.reserveCapacity(padded.count / 3 * 4 + 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in padded {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                letters.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        // A byte before it has all of the first letter and a part of the second.
        return Array(letters.dropFirst(offset == 0 ? 0 : offset + 1))
    }

    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8
    )
    private static let standardAlphabet = letters + Array("+/".utf8)
    private static let urlAlphabet = letters + Array("-_".utf8)
    private static let lowerDigits = Array("0123456789abcdef".utf8)
    private static let upperDigits = Array("0123456789ABCDEF".utf8)

    // MARK: Bytes that stand for themselves, and others

    private static func escapings(of bytes: [UInt8]) -> [[UInt8]] {
        [
            urlEscaped(bytes, keeping: "-._~", upperDigits),
            urlEscaped(bytes, keeping: "-._~", lowerDigits),
            // As JavaScript, as a form, and as Python leave some out.
            urlEscaped(bytes, keeping: "-._~!'()*", upperDigits),
            urlEscaped(bytes, keeping: "-._~", upperDigits, space: UInt8(ascii: "+")),
            urlEscaped(bytes, keeping: "-._~/", upperDigits),
            jsonEscaped(bytes), jsonEscaped(bytes, escapesSlash: true),
            jsonEscaped(bytes, isASCII: true),
        ]
    }

    private static func urlEscaped(
        _ bytes: [UInt8],
        keeping marks: String,
        _ digits: [UInt8],
        space: UInt8? = nil
    ) -> [UInt8] {
        let kept = Set(marks.utf8).union(letters)
        return bytes.flatMap { byte -> [UInt8] in
            if kept.contains(byte) { return [byte] }
            if byte == 0x20, let space { return [space] }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func jsonEscaped(
        _ bytes: [UInt8],
        escapesSlash: Bool = false,
        isASCII: Bool = false
    ) -> [UInt8] {
        guard isASCII else { return bytes.flatMap { jsonEscape($0, escapesSlash) } }
        return String(decoding: bytes, as: UTF8.self).utf16.flatMap { unit -> [UInt8] in
            unit < 0x80 ? jsonEscape(UInt8(unit), escapesSlash) : escapedUnit(unit)
        }
    }

    private static func jsonEscape(_ byte: UInt8, _ escapesSlash: Bool) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "/") where escapesSlash: Array("\\/".utf8)
        case 0x08: Array("\\b".utf8)
        case 0x09: Array("\\t".utf8)
        case 0x0A: Array("\\n".utf8)
        case 0x0C: Array("\\f".utf8)
        case 0x0D: Array("\\r".utf8)
        case 0..<0x20: escapedUnit(UInt16(byte))
        case _: [byte]
        }
    }

    private static func escapedUnit(_ unit: UInt16) -> [UInt8] {
        Array("\\u".utf8)
            + [12, 8, 4, 0].map { lowerDigits[Int(unit >> UInt16($0) & 15)] }
    }
}

extension ArraySlice<UInt8> {
    /// Without white space at its ends, which a tool may leave out.
    fileprivate var trimmed: ArraySlice<UInt8> {
        var part = self
        while let last = part.last, last <= 0x20 { part.removeLast() }
        while let first = part.first, first <= 0x20 { part.removeFirst() }
        return part
    }
}
