/// The walk through a text behind `|` or `>`, line by line.
struct BlockWalk {
    let source: SourceText
    let text: [UInt8]
    let range: Range<Int>

    /// A line of the block: where its text begins, and how long that is.
    private struct Line {
        var start: Int
        var length: Int
        /// Folding leaves lines alone that begin with a blank.
        var isDeep: Bool
    }

    /// The first byte of each line of the text.
    func places(isFolded: Bool) -> [TextPlace] {
        let lines = lines
        var places: [TextPlace] = []
        var offset = 0
        var index = 0
        while index < lines.count, offset <= text.count {
            let line = lines[index]
            places.append(TextPlace(offset: offset, source: line.start))
            offset += line.length
            index += 1
            guard isFolded, line.length > 0, !line.isDeep else {
                offset += 1
                continue
            }
            let empty = lines[index...].prefix { $0.length == 0 }.count
            index += empty
            let isKept = index < lines.count && lines[index].isDeep
            offset += isKept ? empty + 1 : max(1, empty)
        }
        return places
    }

    private var lines: [Line] {
        let bytes = source.bytes
        let indentation = indentation
        var lines: [Line] = []
        var place = source.nextLine(after: range.lowerBound)
        while place < range.upperBound {
            let next = source.nextLine(after: place)
            var first = place
            while first < next, first - place < indentation, bytes[first] == 0x20 { first += 1 }
            var last = next
            while last > first, isBreak(bytes[last - 1]) { last -= 1 }
            let isDeep = first < last && isBlank(bytes[first])
            lines.append(Line(start: first, length: last - first, isDeep: isDeep))
            place = next
        }
        return lines
    }

    /// What the first line with something on it has more in the file than in the text.
    private var indentation: Int {
        let bytes = source.bytes
        var place = source.nextLine(after: range.lowerBound)
        while place < range.upperBound {
            let spaces = bytes[place..<range.upperBound].prefix { $0 == 0x20 }.count
            if place + spaces < range.upperBound, !isBreak(bytes[place + spaces]) {
                let kept = text.drop(while: isBreak).prefix { $0 == 0x20 }.count
                return max(0, spaces - kept)
            }
            place = source.nextLine(after: place)
        }
        return 0
    }
}
