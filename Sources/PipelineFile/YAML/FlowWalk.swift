/// The walk through a plain or quoted text of the file.
struct FlowWalk {
    let bytes: [UInt8]
    let style: YAMLStyle
    let range: Range<Int>

    /// The first byte of the text, and every one that does not stand right behind the one before.
    var places: [TextPlace] {
        var source = range.lowerBound
        var end = range.upperBound
        if style != .plain {
            source += 1
            end -= 1
        }
        var places = [TextPlace(offset: 0, source: source)]
        var offset = 0
        while source < end {
            let (length, width) = piece(at: source)
            source += length
            offset += width
            if length != width { places.append(TextPlace(offset: offset, source: source)) }
        }
        return places
    }

    /// How many bytes of the file become how many of the text at this place.
    private func piece(at place: Int) -> (length: Int, width: Int) {
        switch bytes[place] {
        case UInt8(ascii: "'") where style == .singleQuoted: (2, 1)
        case UInt8(ascii: "\\") where style == .doubleQuoted: escape(at: place)
        case let byte where isBlank(byte) || isBreak(byte): blanks(at: place)
        case _: (1, 1)
        }
    }

    private func escape(at place: Int) -> (length: Int, width: Int) {
        guard place + 1 < range.upperBound else { return (1, 1) }
        switch bytes[place + 1] {
        case UInt8(ascii: "x"): return (4, width(of: place + 2..<place + 4))
        case UInt8(ascii: "u"): return (6, width(of: place + 2..<place + 6))
        case UInt8(ascii: "U"): return (10, width(of: place + 2..<place + 10))
        case UInt8(ascii: "N"), UInt8(ascii: "_"): return (2, 2)
        case UInt8(ascii: "L"), UInt8(ascii: "P"): return (2, 3)
        case let byte where isBreak(byte):
            let (length, breaks) = breaks(at: place + 1)
            return (1 + length, breaks - 1)
        case _: return (2, 1)
        }
    }

    /// How many bytes the scalar has whose number these digits are.
    private func width(of digits: Range<Int>) -> Int {
        guard digits.upperBound <= range.upperBound else { return 1 }
        let text = String(decoding: bytes[digits], as: UTF8.self)
        return UInt32(text, radix: 16).flatMap(Unicode.Scalar.init).map { UTF8.width($0) } ?? 1
    }

    /// A line's end becomes a space, or as many line breaks as there are empty lines behind it.
    private func blanks(at place: Int) -> (length: Int, width: Int) {
        let (length, breaks) = breaks(at: place)
        return (length, breaks == 0 ? length : max(1, breaks - 1))
    }

    /// The blanks and line breaks that begin here, up to the last blank of the last line.
    private func breaks(at start: Int) -> (length: Int, breaks: Int) {
        var place = start
        var breaks = 0
        while place < range.upperBound, isBlank(bytes[place]) || isBreak(bytes[place]) {
            let isHalf = bytes[place] == 0x0D && bytes.dropFirst(place + 1).first == 0x0A
            if isBreak(bytes[place]), !isHalf { breaks += 1 }
            place += 1
        }
        return (place - start, breaks)
    }
}
