extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    /// Whether it may stand inside the name of a shell variable.
    var isWord: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }

    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    var isNewline: Bool { self == UInt8(ascii: "\n") }

    var uppercased: UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self & 0xDF : self
    }
}

extension String {
    /// Compared byte by byte.
    func hasPart(_ part: String) -> Bool { range(of: part) != nil }

    /// Where a text begins for the first time, in bytes from the beginning.
    func range(of part: String, from start: Int = 0) -> Range<Int>? {
        let wanted = Array(part.utf8)
        let found = utf8.withContiguousStorageIfAvailable { bytes in
            Self.firstIndex(of: wanted, in: bytes, from: start)
        }
        let index =
            found
            ?? Array(utf8).withUnsafeBufferPointer { bytes in
                Self.firstIndex(of: wanted, in: bytes, from: start)
            }
        return index.map { $0..<($0 + wanted.count) }
    }

    private static func firstIndex(
        of wanted: [UInt8],
        in bytes: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int? {
        guard let first = wanted.first, wanted.count <= bytes.count else { return nil }
        var index = Swift.max(0, start)
        while index <= bytes.count - wanted.count {
            if bytes[index] == first {
                var length = 1
                while length < wanted.count, bytes[index + length] == wanted[length] { length += 1 }
                if length == wanted.count { return index }
            }
            index += 1
        }
        return nil
    }

    func hasStart(_ start: String) -> Bool { utf8.starts(with: start.utf8) }

    func hasEnd(_ end: String) -> Bool {
        utf8.count >= end.utf8.count && utf8.suffix(end.utf8.count).elementsEqual(end.utf8)
    }

    /// Without a beginning that is there, or nil.
    func without(start: String) -> String? {
        hasStart(start) ? String(Substring(utf8.dropFirst(start.utf8.count))) : nil
    }

    /// Without an end that is there, or nil.
    func without(end: String) -> String? {
        hasEnd(end) ? String(Substring(utf8.dropLast(end.utf8.count))) : nil
    }

    /// Each occurrence of a text replaced by another.
    func replacing(_ part: String, by other: String) -> String {
        let bytes = Array(utf8)
        let wanted = Array(part.utf8)
        guard !wanted.isEmpty, hasPart(part) else { return self }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
                result += other.utf8
                index += wanted.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The pieces between a byte, empty ones too.
    func pieces(at separator: Unicode.Scalar) -> [String] {
        guard separator.isASCII else { return [self] }
        return utf8.split(separator: UInt8(separator.value), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    var lines: [String] { pieces(at: "\n") }

    /// Without blanks and line ends around it.
    var trimmed: String {
        let isSpace: (UInt8) -> Bool = { $0.isBlank || $0.isNewline || $0 == 0x0D }
        let tail = utf8.drop(while: isSpace)
        return String(
            decoding: Array(tail.reversed().drop(while: isSpace)).reversed(),
            as: UTF8.self
        )
    }

    /// Upper case, with `_` for what cannot stand in a variable's name.
    var variableName: String {
        let bytes = utf8.map { $0.isWord ? $0.uppercased : UInt8(ascii: "_") }
        let name = String(decoding: bytes, as: UTF8.self)
        return bytes.first?.isDigit ?? true ? "_" + name : name
    }

    /// Whether a shell can have a variable of this name.
    var isVariableName: Bool {
        guard let first = utf8.first else { return false }
        return !first.isDigit && utf8.allSatisfy(\.isWord)
    }
}
