import Glibc

/// A text without the ends of its lines, which knows where its bytes come from.
struct UnwrappedText {
    private(set) var bytes: [UInt8] = []
    /// Of each line: where it begins here, and where it began.
    private var lines: [(place: Int, origin: Int)] = []
    /// Whether nothing stands behind the end of the last line.
    let endsLine: Bool

    init(_ text: ArraySlice<UInt8>) {
        endsLine = text.last == 0x0A
        bytes.reserveCapacity(text.count)
        text.withUnsafeBytes { add($0, from: text.startIndex) }
    }

    private mutating func add(_ text: UnsafeRawBufferPointer, from origin: Int) {
        guard let base = text.baseAddress else { return }
        var start = 0
        while start < text.count {
            let newline = memchr(base + start, 0x0A, text.count - start)
            let end = newline.map { base.distance(to: UnsafeRawPointer($0)) } ?? text.count
            let hasReturn = newline != nil && end > start && text[end - 1] == 0x0D
            lines.append((bytes.count, origin + start))
            bytes.append(contentsOf: text[start..<(hasReturn ? end - 1 : end)])
            start = end + 1
        }
    }

    /// Whether so many bytes from a place on stood on one line.
    func isWhole(_ place: Int, _ count: Int) -> Bool {
        origin(of: place + count - 1) - origin(of: place) == count - 1
    }

    /// Where a byte stood.
    func origin(of place: Int) -> Int {
        var low = 0
        var high = lines.count
        // The last line that begins no later; an empty one begins where the next does.
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].place <= place { low = middle + 1 } else { high = middle }
        }
        let line = lines[low - 1]
        return line.origin + place - line.place
    }
}
