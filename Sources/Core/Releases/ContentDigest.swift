/// The SHA-256 of some bytes: how blobs, manifests and log rows are named.
///
/// Four words instead of an array, so that sets of a hundred thousand cost no allocations.
package struct ContentDigest: Hashable, Sendable {
    package static let byteCount = 32
    /// What stands before the hexadecimal digits on the wire.
    package static let prefix = "sha256:"
    /// The digest before the first row of a hash chain.
    package static let zero = ContentDigest(words: (0, 0, 0, 0))

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The digest as four big-endian words.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (first, second, third, fourth) = words
    }

    /// The digest in its binary form, or nil unless there are exactly 32 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    /// The digest as 64 lower-case hexadecimal digits, with or without `sha256:` before them.
    package init?(_ text: String) {
        var digits = Array(text.utf8)
        if digits.starts(with: Self.prefix.utf8) { digits.removeFirst(Self.prefix.utf8.count) }
        guard digits.count == 2 * Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, digit) in digits.enumerated() {
            guard let value = Self.value(ofDigit: digit) else { return nil }
            words[index / 16] = words[index / 16] << 4 | value
        }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String { String(decoding: hexDigits, as: UTF8.self) }

    var hexDigits: [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [first, second, third, fourth].flatMap { word in
            stride(from: 60, through: 0, by: -4).map { digits[Int(word >> $0 & 0xF)] }
        }
    }

    private static func value(ofDigit digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        case _: nil
        }
    }
}

extension ContentDigest: CustomStringConvertible {
    /// `sha256:` and the digits: the form of the wire.
    package var description: String { Self.prefix + hex }
}
