/// The bytes of a file that have been checked to be text, without a byte order mark.
///
/// The check comes before the YAML parser so that the parser only ever sees UTF-8 of bounded
/// length, and so that bad bytes are answered in the words of a person.
struct SourceText {
    let bytes: [UInt8]
    /// Where each line begins, by the parser's idea of a line break.
    private let lineStarts: [Int]

    static let lengthMax = 256 * 1_024

    init(_ collection: some Collection<UInt8>) throws(Fault) {
        guard collection.count <= Self.lengthMax else {
            throw Fault(
                "the file has \(collection.count) bytes; the limit is 256 KiB",
                at: .start
            )
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        bytes =
            collection.starts(with: byteOrderMark)
            ? Array(collection.dropFirst(byteOrderMark.count)) : Array(collection)
        lineStarts = Self.lineStarts(in: bytes)
        try checkEncoding()
        try checkCharacters()
    }

    private static func lineStarts(in bytes: [UInt8]) -> [Int] {
        var starts = [0]
        for index in bytes.indices {
            let rest = bytes[index...]
            let isLoneReturn = rest.first == 0x0D && rest.dropFirst().first != 0x0A
            if rest.first == 0x0A || isLoneReturn {
                starts.append(index + 1)
            } else if rest.starts(with: [0xC2, 0x85]) {
                starts.append(index + 2)
            } else if rest.starts(with: [0xE2, 0x80, 0xA8])
                || rest.starts(with: [0xE2, 0x80, 0xA9])
            {
                starts.append(index + 3)
            }
        }
        return starts
    }

    private func checkEncoding() throws(Fault) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return
            case .error:
                throw Fault(
                    "the bytes here are not UTF-8",
                    at: mark(ofByte: offset),
                    hint: "save the file as UTF-8"
                )
            }
        }
    }

    /// Refuses what YAML refuses, before it does: its message has no place.
    private func checkCharacters() throws(Fault) {
        for (index, byte) in bytes.enumerated() {
            let isC1 = byte == 0xC2 && bytes[index + 1] < 0xA0 && bytes[index + 1] != 0x85
            let isControl = byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
            guard isControl || byte == 0x7F || isC1 else { continue }
            throw Fault(
                byte == 0 ? "a NUL byte" : "a control character",
                at: mark(ofByte: index),
                hint: #"in a double-quoted text it can be written as an escape, such as "\x1b""#
            )
        }
    }

    /// The place of a byte; one past the end is the place behind the last character.
    func mark(ofByte offset: Int) -> Mark {
        let line = lineStarts.lastIndex { $0 <= offset } ?? 0
        let before = bytes[lineStarts[line]..<min(offset, bytes.count)]
        let column = before.count { $0 & 0xC0 != 0x80 }
        return Mark(line: line + 1, column: column + 1)
    }

    /// The byte at a place, or the end when there is no such place.
    func offset(of mark: Mark) -> Int {
        guard lineStarts.indices.contains(mark.line - 1) else { return bytes.count }
        var offset = lineStarts[mark.line - 1]
        var column = 1
        while offset < bytes.count, column < mark.column {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            column += 1
        }
        return offset
    }

    /// The first place in a stretch of the text where the wanted bytes stand.
    func firstMark(of wanted: String, from start: Mark, to end: Mark) -> Mark? {
        let first = offset(of: start)
        let last = offset(of: end)
        guard first < last else { return nil }
        let wanted = Array(wanted.utf8)
        return (first..<last)
            .first { bytes[$0..<last].starts(with: wanted) }
            .map(mark(ofByte:))
    }
}
