import Glibc

/// Texts of a few to some dozen bytes, all looked for in one pass.
///
/// Most places of a log are dismissed by one look at a table of bits, chosen by the four bytes that
/// stand there; only where a text begins with the same four, or by chance, is it compared.
struct PatternSet: Sendable {
    /// In the order of their bytes.
    private let patterns: [[UInt8]]
    let isEmpty: Bool
    /// Of the longest.
    let bytesMax: Int
    /// By hash: the first pattern that has it, and from there on the next; -1: none.
    private let first: [Int32]
    private let next: [Int32]
    private let bits: [UInt64]
    /// From four bytes to their bit.
    private let shift: UInt32
    /// From a bit to its place in `first`, which is shorter.
    private let fold: Int

    private static let headBytes = 4

    /// - Parameter patterns: Each of four bytes at least.
    init(_ patterns: Set<[UInt8]>) {
        let sorted = patterns.sorted { $0.lexicographicallyPrecedes($1) }
        // 16 bits to a pattern: one place in 16 is looked at for nothing.
        var width: UInt32 = 12
        while width < 21, 1 << width < sorted.count << 4 { width += 1 }
        let shift = 32 - width
        let fold = Int(width - min(width, 17))
        var first = [Int32](repeating: -1, count: 1 << (Int(width) - fold))
        var next = [Int32](repeating: -1, count: sorted.count)
        var bits = [UInt64](repeating: 0, count: 1 << (width - 6))
        for (index, pattern) in sorted.enumerated() {
            let hash = Self.hash(
                pattern.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) },
                shift
            )
            next[index] = first[hash >> fold]
            first[hash >> fold] = Int32(index)
            bits[hash >> 6] |= 1 << UInt64(hash & 63)
        }
        self.patterns = sorted
        self.first = first
        self.next = next
        self.bits = bits
        self.shift = shift
        self.fold = fold
        isEmpty = sorted.isEmpty
        bytesMax = sorted.map(\.count).max() ?? 0
    }

    @inline(__always)
    private static func hash(_ head: UInt32, _ shift: UInt32) -> Int {
        Int((head &* 0x9E37_79B1) >> shift)
    }

    /// Every place where one of them stands whole, in the order of their beginnings.
    func places(in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        guard !isEmpty, bytes.count >= Self.headBytes, let start = bytes.baseAddress else {
            return []
        }
        var found: [Range<Int>] = []
        bits.withUnsafeBufferPointer { bits in
            for place in 0...(bytes.count - Self.headBytes) {
                let head = (start + place).loadUnaligned(as: UInt32.self)
                let hash = Self.hash(head, shift)
                if bits[hash >> 6] & 1 << UInt64(hash & 63) == 0 { continue }
                find(at: place, hash, in: bytes, &found)
            }
        }
        return found
    }

    /// All that stand there, the shorter beside the longer: a reader who does not see the end of
    /// the longer one finds the shorter all the same.
    private func find(
        at place: Int,
        _ hash: Int,
        in bytes: UnsafeRawBufferPointer,
        _ found: inout [Range<Int>]
    ) {
        guard let start = bytes.baseAddress else { return }
        var index = Int(first[hash >> fold])
        while index >= 0 {
            let pattern = patterns[index]
            let end = place + pattern.count
            if end <= bytes.count, memcmp(start + place, pattern, pattern.count) == 0 {
                found.append(place..<end)
            }
            index = Int(next[index])
        }
    }

    /// How many of the last bytes are the beginning of one of them, of those lengths that count.
    func openEnd(
        of bytes: UnsafeRawBufferPointer,
        where counts: (Int) -> Bool = { _ in true }
    ) -> Int {
        var length = min(bytesMax - 1, bytes.count)
        while length > 0 {
            let end = UnsafeRawBufferPointer(rebasing: bytes.suffix(length))
            if isBeginning(end), counts(length) { return length }
            length -= 1
        }
        return 0
    }

    private func isBeginning(_ text: UnsafeRawBufferPointer) -> Bool {
        var low = 0
        var high = patterns.count
        while low < high {
            let middle = (low + high) / 2
            if patterns[middle].lexicographicallyPrecedes(text) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        // The first that does not come before it: whatever begins with it comes right behind it.
        guard low < patterns.count, patterns[low].count > text.count else {
            return low < patterns.count - 1 && patterns[low].elementsEqual(text)
                && patterns[low + 1].starts(with: text)
        }
        return patterns[low].starts(with: text)
    }
}
