import Core

/// The bytes of a file that have been checked to be text, without a byte order mark.
///
/// The check comes before the YAML parser so that the parser only ever sees UTF-8 of bounded
/// length, and so that bad bytes are answered in the words of a person.
struct SourceText {
    let bytes: [UInt8]
    /// Where each line begins.
    private let lineStarts: [Int]
    /// How many bytes before each block are not the first of their scalar; empty for ASCII.
    ///
    /// A line may be as long as the file, and columns are asked for thousands of times.
    private let laterBytes: [Int]

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
        laterBytes = Self.laterBytes(in: bytes)
        if let (offset, complaint, hint) = firstComplaint() {
            throw Fault(complaint, at: mark(ofByte: offset), hint: hint)
        }
        try checkDirectives()
    }

    /// Refuses `%TAG` lines: tags have no meaning here, and the parser compares each with all.
    private func checkDirectives() throws(Fault) {
        // Directives stand before everything else but comments.
        for (index, start) in lineStarts.enumerated() where start < bytes.count {
            let first = bytes[start]
            if first == UInt8(ascii: "%"), bytes[start...].starts(with: "%TAG".utf8) {
                throw Fault(
                    "tags ('!') have no meaning in a pipeline file",
                    at: Mark(line: index + 1, column: 1),
                    hint: "leave this line out"
                )
            }
            switch first {
            case UInt8(ascii: "%"), UInt8(ascii: "#"), UInt8(ascii: " "), 0x0A, 0x0D: continue
            case _: return
            }
        }
    }

    /// The place of a byte; one past the end is the place behind the last character.
    func mark(ofByte offset: Int) -> Mark {
        var line = 0
        var end = lineStarts.count
        while end - line > 1 {
            let middle = (line + end) / 2
            if lineStarts[middle] <= offset { line = middle } else { end = middle }
        }
        let offset = max(lineStarts[line], min(offset, bytes.count))
        return Mark(line: line + 1, column: scalars(from: lineStarts[line], to: offset) + 1)
    }

    /// The place itself, or the end of the text: the parser sees one more line behind it.
    func clamped(_ mark: Mark) -> Mark {
        mark.line <= lineStarts.count ? mark : self.mark(ofByte: bytes.count)
    }

    /// The byte at a place, or the end when there is no such place.
    func offset(of mark: Mark) -> Int {
        guard lineStarts.indices.contains(mark.line - 1) else { return bytes.count }
        let start = lineStarts[mark.line - 1]
        let wanted = mark.column - 1
        if laterBytes.isEmpty { return min(start + wanted, bytes.count) }
        var low = min(start + wanted, bytes.count)
        var high = min(start + 4 * wanted, bytes.count)
        while low < high {
            let middle = (low + high) / 2
            if scalars(from: start, to: middle) < wanted { low = middle + 1 } else { high = middle }
        }
        while low < bytes.count, bytes[low] & 0xC0 == 0x80 { low += 1 }
        return low
    }

    private func scalars(from start: Int, to end: Int) -> Int {
        end - start - (laterBytes(before: end) - laterBytes(before: start))
    }

    private func laterBytes(before offset: Int) -> Int {
        guard !laterBytes.isEmpty else { return 0 }
        let block = min(offset / Self.blockLength, laterBytes.count - 1)
        var count = laterBytes[block]
        var index = block * Self.blockLength
        while index < offset {
            if bytes[index] & 0xC0 == 0x80 { count += 1 }
            index += 1
        }
        return count
    }

    private static let blockLength = 256

    private static func laterBytes(in bytes: [UInt8]) -> [Int] {
        var blocks: [Int] = []
        var count = 0
        var index = 0
        while index < bytes.count {
            if index % blockLength == 0 { blocks.append(count) }
            if bytes[index] & 0xC0 == 0x80 { count += 1 }
            index += 1
        }
        return count == 0 ? [] : blocks
    }

    /// Where the line behind this one begins; the end when it is the last.
    func nextLine(after offset: Int) -> Int {
        var offset = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == 0x0A { return offset }
            if byte == 0x0D, offset == bytes.count || bytes[offset] != 0x0A { return offset }
        }
        return offset
    }
}

/// The passes over every byte: plain loops, which are fast in unoptimised builds too.
extension SourceText {
    private static func lineStarts(in bytes: [UInt8]) -> [Int] {
        var starts = [0]
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A { starts.append(index) }
            if byte == 0x0D, index == bytes.count || bytes[index] != 0x0A { starts.append(index) }
        }
        return starts
    }

    /// The first byte that no pipeline may have, and what to say about it.
    ///
    /// YAML refuses these too, but its parser's message has no place.
    private func firstComplaint() -> (offset: Int, complaint: String, hint: String)? {
        let escape = #"between double quotes it can be an escape, such as "\x1b""#
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x20, byte < 0x7F {
                offset += 1
                continue
            }
            var decoder = UTF8()
            var rest = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&rest) else {
                return (offset, "the bytes here are not UTF-8", "save the file as UTF-8")
            }
            if let complaint = complaint(about: scalar) { return (offset, complaint, escape) }
            offset += UTF8.width(scalar)
        }
        return nil
    }

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
}
