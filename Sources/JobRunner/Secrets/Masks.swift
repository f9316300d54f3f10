import Glibc

/// Hides secrets in bytes, without moving any: each byte of one becomes a `*`.
struct Masks: Sendable {
    private let patterns: [[UInt8]]
    /// How far before or behind a byte the rest of its secret may lie.
    let reach: Int

    static let none = Masks([])
    /// Shorter texts are everywhere by chance.
    static let bytesMin = 4

    private static let newline: UInt8 = 0x0A

    /// The lines of a text with several are secrets too: tools print them one by one.
    init(_ secrets: some Sequence<String>) {
        var patterns: Set<[UInt8]> = []
        for secret in secrets {
            let bytes = Array(secret.utf8)
            for part in [bytes[...]] + bytes.split(separator: Self.newline) {
                let part = part.trimmed
                if part.count >= Self.bytesMin { patterns.insert(Array(part)) }
            }
        }
        self.patterns = Array(patterns)
        reach = max(0, (patterns.map(\.count).max() ?? 0) - 1)
    }

    var isEmpty: Bool { patterns.isEmpty }

    /// Overwrites every secret that stands there whole; the ends of lines stay.
    func hide(in bytes: inout [UInt8]) {
        var found: [Range<Int>] = []
        for pattern in patterns { found += places(of: pattern, in: bytes) }
        for range in found {
            for index in range where bytes[index] != Self.newline {
                bytes[index] = UInt8(ascii: "*")
            }
        }
    }

    /// The text with every secret hidden.
    func hidden(_ text: String) -> String {
        if isEmpty { return text }
        var bytes = Array(text.utf8)
        hide(in: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How many of the last bytes may be the beginning of a secret whose rest is still to come.
    func openEnd(of bytes: [UInt8]) -> Int {
        var longest = 0
        for pattern in patterns {
            var length = min(pattern.count - 1, bytes.count)
            while length > longest {
                if bytes.suffix(length).elementsEqual(pattern.prefix(length)) { longest = length }
                length -= 1
            }
        }
        return longest
    }

    private func places(of pattern: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            var offset = 0
            while offset + pattern.count <= bytes.count,
                let hit = memchr(
                    start + offset,
                    Int32(pattern[0]),
                    bytes.count - pattern.count + 1 - offset
                )
            {
                let place = start.distance(to: UnsafeRawPointer(hit))
                if memcmp(hit, pattern, pattern.count) == 0 {
                    found.append(place..<(place + pattern.count))
                }
                offset = place + 1
            }
        }
        return found
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
