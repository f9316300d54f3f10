/// A checked image reference: `[host[:port]/]path[:tag][@digest]`, as registries define it.
package struct ImageReference: Hashable, Sendable {
    package let text: String

    /// Refuses whatever is not a reference, before it can reach a command line.
    package init(_ text: String) throws(DockerError) {
        guard Self.isValid(Array(text.utf8)) else {
            throw DockerError(
                code: .refused,
                message: "\(quoted(text)) is not an image reference such as debian:bookworm-slim"
            )
        }
        self.text = text
    }

    /// Bytes; the registries' own limit.
    package static let lengthMax = 255

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty, bytes.count <= lengthMax else { return false }
        var rest = bytes[...]
        if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
            guard isDigest(rest[(at + 1)...]) else { return false }
            rest = rest[..<at]
        }
        var parts = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard var last = parts.popLast() else { return false }
        if let colon = last.firstIndex(of: UInt8(ascii: ":")) {
            guard isTag(last[(colon + 1)...]) else { return false }
            last = last[..<colon]
        }
        if let first = parts.first, isHost(first) { parts.removeFirst() }
        return (parts + [last]).allSatisfy(isPathComponent)
    }

    /// The first component is a host only if it could not be a path: a dot, a port, localhost.
    private static func isHost(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count <= 2, !name.isEmpty else { return false }
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].allSatisfy(isDigit) else { return false }
        }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            guard let first = label.first, let last = label.last else { return false }
            let hyphen = UInt8(ascii: "-")
            return first != hyphen && last != hyphen
                && label.allSatisfy { isLower($0) || isUpper($0) || isDigit($0) || $0 == hyphen }
        }
        return isName && (labels.count > 1 || parts.count == 2 || text == "localhost")
    }

    /// Lower-case words joined by `.`, `_`, `__` or hyphens.
    private static func isPathComponent(_ bytes: ArraySlice<UInt8>) -> Bool {
        let isWord = { (byte: UInt8) in isLower(byte) || isDigit(byte) }
        guard let first = bytes.first, let last = bytes.last, isWord(first), isWord(last) else {
            return false
        }
        return bytes.split(whereSeparator: isWord).allSatisfy { joint in
            switch String(decoding: joint, as: UTF8.self) {
            case ".", "_", "__": true
            case _: joint.allSatisfy { $0 == UInt8(ascii: "-") }
            }
        }
    }

    private static func isTag(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, bytes.count <= 128 else { return false }
        let isWord = { (byte: UInt8) in
            isLower(byte) || isUpper(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
        }
        return isWord(first)
            && bytes.allSatisfy {
                isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }

    private static func isDigest(_ bytes: ArraySlice<UInt8>) -> Bool {
        let prefix = Array("sha256:".utf8)
        let digits = bytes.dropFirst(prefix.count)
        return bytes.starts(with: prefix) && digits.count == 64
            && digits.allSatisfy {
                isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

extension ImageReference: CustomStringConvertible {
    package var description: String { text }
}
