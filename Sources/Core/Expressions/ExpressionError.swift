/// What is wrong with an expression, and in which of its bytes.
package struct ExpressionError: Error, Equatable, Sendable {
    /// What is wrong.
    package var message: String
    /// What would be right.
    package var hint: String?
    /// Bytes of the text that was read; empty where something is missing.
    package var range: Range<Int>

    package init(_ message: String, at range: Range<Int>, hint: String? = nil) {
        self.message = message
        self.hint = hint
        self.range = range
    }

    /// As a problem of a file in which the text begins at a place.
    package func problem(in text: String, at mark: Mark, of path: String) -> Problem {
        let place = mark.advanced(by: range.lowerBound, in: text)
        return Problem(
            path: path,
            line: place.line,
            column: place.column,
            message: message,
            hint: hint
        )
    }

    /// The message, the line it is about, and a caret under every byte that is meant.
    package func rendered(in text: String) -> String {
        let bytes = Array(text.utf8)
        let start = min(range.lowerBound, bytes.count)
        let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") }
        let from = bytes[..<start].lastIndex(where: isBreak).map { $0 + 1 } ?? 0
        let to = bytes[start...].firstIndex(where: isBreak) ?? bytes.count
        let end = max(start, min(range.upperBound, to))
        let width = max(1, Self.width(bytes[start..<end]))
        let caret =
            String(repeating: " ", count: Self.width(bytes[from..<start]))
            + String(repeating: "^", count: width)
        let line = String(decoding: bytes[from..<to].map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
        let hint = hint.map { " (\($0))" } ?? ""
        return "\(message)\(hint)\n  \(line)\n  \(caret)"
    }

    /// In Unicode scalars.
    private static func width(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.count { !(0x80...0xBF).contains($0) }
    }
}
