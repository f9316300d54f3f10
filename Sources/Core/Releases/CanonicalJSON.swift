/// Writes JSON in the one form whose bytes are hashed.
///
/// Keys sorted by the caller, no spaces, UTF-8, integers only, and no escapes but those JSON
/// demands: what Python's `json.dumps(…, sort_keys=True, ensure_ascii=False,
/// separators=(",", ":"))` writes, so that anyone can check a digest in one line.
struct CanonicalJSON {
    private(set) var bytes: [UInt8] = []

    /// Punctuation and keys that need no escaping.
    mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func integer(_ number: some BinaryInteger) {
        raw(String(number))
    }

    mutating func digest(_ digest: ContentDigest) {
        bytes.append(Self.quote)
        bytes.append(contentsOf: digest.hexDigits)
        bytes.append(Self.quote)
    }

    mutating func digest(orNull digest: ContentDigest?) {
        if let digest { self.digest(digest) } else { raw("null") }
    }

    mutating func string(_ text: String) {
        bytes.append(Self.quote)
        for byte in text.utf8 { escape(byte) }
        bytes.append(Self.quote)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case Self.quote: raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        case 0x00..<0x10: raw("\\u000" + String(byte, radix: 16))
        case 0x10..<0x20: raw("\\u00" + String(byte, radix: 16))
        case _: bytes.append(byte)
        }
    }

    private static let quote = UInt8(ascii: "\"")
}
