/// Texts as YAML 1.2 writes them.
enum Scalar {
    /// A text on one line where only a line end ends it.
    static func inBlock(_ text: String) -> String {
        isPlain(text, stops: []) ? text : quoted(text)
    }

    /// A key; words such as `on` are keys like any other in YAML 1.2.
    static func key(_ text: String, isInFlow: Bool) -> String {
        if loaded.contains(text), !text.isEmpty, text != "~" { return text }
        return isInFlow ? inFlow(text) : inBlock(text)
    }

    /// A text between brackets.
    static func inFlow(_ text: String) -> String {
        isPlain(text, stops: Array(",[]{}".utf8)) ? text : quoted(text)
    }

    /// Whether a text of several lines can be written below `|`, as it is.
    static func canStandBelowBar(_ text: String) -> Bool {
        text.utf8.contains { $0.isNewline }
            && text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || isPrintable($0) }
            && text.utf8.contains { !$0.isNewline && !$0.isBlank }
    }

    /// Words that some reader of YAML takes for something else than a text.
    private static let loaded: Set<String> = [
        "", "~", "null", "Null", "NULL", "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO",
        "on", "On", "ON", "off", "Off", "OFF",
    ]

    private static func isPlain(_ text: String, stops: [UInt8]) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, !loaded.contains(text),
            !first.isBlank, !last.isBlank, last != UInt8(ascii: ":"), !isFraction(bytes),
            text.unicodeScalars.allSatisfy(isPrintable)
        else { return false }
        if "!&*|>'\"%@`#,[]{}".utf8.contains(first) { return false }
        if "-?:".utf8.contains(first), bytes.count == 1 || bytes[1].isBlank { return false }
        if bytes.starts(with: "---".utf8) || bytes.starts(with: "...".utf8) { return false }
        if text.hasPart(" *") { return false }
        return bytes.indices.allSatisfy { index in
            if stops.contains(bytes[index]) { return false }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0x20
            switch bytes[index] {
            case UInt8(ascii: ":"): return !next.isBlank && !(!stops.isEmpty && next == 0x2C)
            case UInt8(ascii: "#"): return index == 0 || !bytes[index - 1].isBlank
            case _: return true
            }
        }
    }

    /// Whether it looks like a number that would lose its last digit: a version such as `3.10`.
    private static func isFraction(_ bytes: [UInt8]) -> Bool {
        bytes.contains(UInt8(ascii: ".")) && bytes.allSatisfy { $0.isDigit || $0 == 0x2E }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0xFEFF { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return false
        case _: return true
        }
    }

    private static func quoted(_ text: String) -> String {
        let isOrdinary = text.unicodeScalars.allSatisfy(isPrintable)
        let hasMarks = text.utf8.contains { "\"\\".utf8.contains($0) }
        if isOrdinary, hasMarks {
            return "'" + text.replacing("'", by: "''") + "'"
        }
        var line = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\t": line += "\\t"
            case "\r": line += "\\r"
            case _ where isPrintable(scalar): line.unicodeScalars.append(scalar)
            case _: line += escape(scalar)
            }
        }
        return line + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let width = scalar.value > 0xFFFF ? 8 : 4
        let zeros = String(repeating: "0", count: width - digits.utf8.count)
        return (width == 8 ? "\\U" : "\\u") + zeros + digits
    }
}
