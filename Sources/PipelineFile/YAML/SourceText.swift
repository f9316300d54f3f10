/// The bytes of a file that have been checked to be text, without a byte order mark.
///
/// The check comes before the YAML parser so that the parser only ever sees UTF-8 of bounded
/// length, and so that bad bytes are answered in the words of a person.
struct SourceText {
    let bytes: [UInt8]
    /// Where each line begins.
    private let lineStarts: [Int]

    init(_ collection: some Collection<UInt8>) throws(Fault) {
        guard collection.count <= pipelineBytesMax else {
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
        try checkCharacters()
        try checkDirectives()
    }

    private static func lineStarts(in bytes: [UInt8]) -> [Int] {
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0D {
            let isHalf = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if !isHalf { starts.append(index + 1) }
        }
        return starts
    }

    private func checkCharacters() throws(Fault) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return
            case .error:
                throw Fault(
                    "the bytes here are not UTF-8",
                    at: mark(ofByte: offset),
                    hint: "save the file as UTF-8"
                )
            case .scalarValue(let scalar):
                if let complaint = complaint(about: scalar) {
                    throw Fault(
                        complaint,
                        at: mark(ofByte: offset),
                        hint: #"between double quotes it can be an escape, such as "\x1b""#
                    )
                }
                offset += UTF8.width(scalar)
            }
        }
    }

    /// Refuses `%TAG` lines: tags have no meaning here, and the parser compares each with all.
    private func checkDirectives() throws(Fault) {
        for (index, start) in lineStarts.enumerated() {
            let line = bytes[start...]
            if line.starts(with: "%TAG".utf8) {
                throw Fault(
                    "tags ('!') have no meaning in a pipeline file",
                    at: Mark(line: index + 1, column: 1),
                    hint: "leave this line out"
                )
            }
            // Directives stand before everything else but comments.
            guard let first = line.first, "%#\r\n ".utf8.contains(first) else { return }
        }
    }

    /// Refuses what YAML refuses, before the parser does: its message has no place.
    ///
    /// The parser also takes three rare characters for line breaks, which no editor does and
    /// YAML 1.2 does not: lines would be miscounted and texts changed.
    private func complaint(about scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E: nil
        case 0: "a NUL byte"
        case 0..<0x20, 0x7F, 0x80..<0x85, 0x86..<0xA0: "a control character"
        case 0x85, 0x2028, 0x2029: "a line break that is not YAML's"
        case 0xFEFF: "a byte order mark that is not at the start"
        case 0xFFFE, 0xFFFF: "a character that no text may hold"
        case _: nil
        }
    }

    /// The place of a byte; one past the end is the place behind the last character.
    func mark(ofByte offset: Int) -> Mark {
        let line = lineStarts.lastIndex { $0 <= offset } ?? 0
        let before = bytes[lineStarts[line]..<min(offset, bytes.count)]
        let column = before.count { $0 & 0xC0 != 0x80 }
        return Mark(line: line + 1, column: column + 1)
    }

    /// The place itself, or the end of the text: the parser sees one more line behind it.
    func clamped(_ mark: Mark) -> Mark {
        mark.line <= lineStarts.count ? mark : self.mark(ofByte: bytes.count)
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
