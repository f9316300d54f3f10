import Core

/// Where the bytes of a text stand in the file.
///
/// What is read is not what is written: quotes double, escapes shrink, lines fold, blocks lose
/// their indentation. So the file is walked again beside the text that came of it.
extension SourceText {
    /// Where the first byte of a value's text stands, and where the others do.
    func textMark(of node: YAMLNode) -> Mark {
        guard case .scalar(let text, let style) = node.content else { return node.start }
        let start = behindAnchor(offset(of: node.textStart))
        let end = offset(of: node.textEnd)
        guard start < end else { return node.start }
        let range = start..<end
        let places: [TextPlace]
        switch style {
        case .plain, .singleQuoted, .doubleQuoted:
            places = FlowWalk(bytes: bytes, style: style, range: range).places
        case .literal, .folded:
            let walk = BlockWalk(source: self, text: Array(text.utf8), range: range)
            places = walk.places(isFolded: style == .folded)
        }
        return mark(of: places) ?? node.start
    }

    /// Goes through the file once, however many places there are.
    private func mark(of places: [TextPlace]) -> Mark? {
        guard let first = places.first else { return nil }
        let start = mark(ofByte: first.source)
        var bends: [Mark.Bend] = []
        var (line, column) = (start.line, start.column)
        var source = first.source
        for place in places.dropFirst().prefix(bendsMax) {
            while source < min(place.source, bytes.count) {
                let byte = bytes[source]
                source += 1
                if byte == 0x0A || (byte == 0x0D && bytes.dropFirst(source).first != 0x0A) {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
            }
            bends.append(Mark.Bend(offset: place.offset, line: line, column: column))
        }
        return Mark(line: start.line, column: start.column, bends: bends)
    }

    /// A value may begin with the name that aliases call it by, and a comment behind that.
    private func behindAnchor(_ start: Int) -> Int {
        var offset = start
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "&") else { return start }
        while offset < bytes.count, bytes[offset] > 0x20 { offset += 1 }
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "#") {
                offset = nextLine(after: offset)
            } else if bytes[offset] <= 0x20 {
                offset += 1
            } else {
                break
            }
        }
        return offset
    }
}

/// Nobody looks for a place behind a thousand lines of one text, and marks are kept.
private let bendsMax = 1_000

/// A byte of a text, and the byte of the file that it came from.
struct TextPlace: Equatable {
    var offset: Int
    var source: Int
}

extension String {
    /// The offset of the first of the wanted bytes, or nil.
    func firstOffset(of wanted: String) -> Int? {
        var copy = self
        return copy.withUTF8 { bytes in
            let wanted = Array(wanted.utf8)
            guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
            for offset in 0...(bytes.count - wanted.count) where bytes[offset] == first {
                if bytes[offset...].starts(with: wanted) { return offset }
            }
            return nil
        }
    }
}

func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
