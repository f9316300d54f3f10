/// Hides secrets in bytes, without moving any: each byte of one becomes a `*`.
///
/// Whether a byte is hidden depends on the bytes within ``reach`` of it and on nothing else: a log
/// reads the same in whatever pieces it is read.
struct Masks: Sendable {
    private let plain: PatternSet
    /// Looked for in what is left without the ends of lines.
    private let wrapped: PatternSet
    /// How far before or behind a byte the rest of its secret may lie.
    let reach: Int

    static let none = Masks([])
    /// Shorter texts are everywhere by chance.
    static var bytesMin: Int { SecretSpellings.bytesMin }
    /// The bytes of all secrets of a job together.
    static let bytesMax = 256 << 10

    private static let newline: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    init(_ secrets: some Sequence<String>) {
        let spellings = SecretSpellings(secrets)
        plain = PatternSet(spellings.plain)
        wrapped = PatternSet(spellings.wrapped)
        reach = max(plain.bytesMax, Self.span(of: wrapped.bytesMax), 1) - 1
    }

    /// With the ends of lines in it: few tools write lines of less than four letters.
    private static func span(of length: Int) -> Int { length + length / 4 * 2 }

    var isEmpty: Bool { plain.isEmpty && wrapped.isEmpty }

    /// Overwrites every secret that stands there whole; the ends of lines stay.
    func hide(in bytes: inout [UInt8]) {
        let found = [bytes.withUnsafeBytes { plain.places(in: $0) }, wrappedPlaces(in: bytes)]
        for places in found {
            var done = 0
            // In the order of their beginnings: what several share is written once.
            for place in places where place.upperBound > done {
                for index in max(done, place.lowerBound)..<place.upperBound
                where bytes[index] != Self.newline && bytes[index] != Self.carriageReturn {
                    bytes[index] = UInt8(ascii: "*")
                }
                done = place.upperBound
            }
        }
    }

    private func wrappedPlaces(in bytes: [UInt8]) -> [Range<Int>] {
        if wrapped.isEmpty { return [] }
        let text = UnwrappedText(bytes[...])
        return text.bytes.withUnsafeBytes { wrapped.places(in: $0) }.compactMap { place in
            let start = text.origin(of: place.lowerBound)
            let end = text.origin(of: place.upperBound - 1) + 1
            // A longer one may not lie within reach of a byte, and is not one for all readers.
            guard end - start <= Self.span(of: place.count),
                text.isWhole(place.lowerBound, SecretSpellings.headBytes)
            else { return nil }
            return start..<end
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
        let open = bytes.withUnsafeBytes { plain.openEnd(of: $0) }
        if wrapped.isEmpty { return open }
        // The end of a line may be half written.
        let isHalf = bytes.last == Self.carriageReturn
        let text = UnwrappedText(isHalf ? bytes.dropLast() : bytes[...])
        let length = text.bytes.withUnsafeBytes { bytes in
            wrapped.openEnd(of: bytes) { length in
                text.isWhole(bytes.count - length, min(length, SecretSpellings.headBytes))
                    // What ends its line with fewer letters is the beginning of none.
                    && (length >= SecretSpellings.headBytes || !text.endsLine)
            }
        }
        if length == 0 { return open }
        return max(open, bytes.count - text.origin(of: text.bytes.count - length))
    }
}
