/// What a name of ours may look like: repositories, units, channels, workers.
///
/// Names become folder names and parts of URLs, so the rule is decided on bytes:
/// `[a-z0-9][a-z0-9._-]{0,62}`, upper case letters allowed, and never a dot first.
package enum Name {
    package static let lengthMax = 63

    /// Whether the text may be used as a name.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= lengthMax, isAlphanumeric(first) else {
            return false
        }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case _:
            false
        }
    }
}
