/// What the version of a release may look like.
///
/// `[A-Za-z0-9][A-Za-z0-9._+-]{0,127}`: versions stand in URLs, and a digest, with its colon, can
/// never be taken for one. Versions are names and have no order; releases are ordered by time.
package enum ReleaseVersion {
    package static let lengthMax = 128

    /// Whether the text may be used as a version.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= lengthMax else { return false }
        return isAlphanumeric(first) && bytes.allSatisfy { isAlphanumeric($0) || isMark($0) }
    }

    /// The text, where it may be used as a version.
    package static func checked(_ text: String) throws(ReleaseProblem) -> String {
        guard isValid(text) else {
            throw ReleaseProblem(
                "\(ReleaseProblem.quoted(text)) cannot be a version; use letters, digits and"
                    + " . _ + - (a letter or digit first, at most \(lengthMax) bytes)"
            )
        }
        return text
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

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        case _: false
        }
    }
}
