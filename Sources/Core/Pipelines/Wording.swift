/// A text from the file between quotes, as messages show it.
package func quoted(_ text: String) -> String {
    let short = shortened(text)
    return short.utf8.contains(UInt8(ascii: "'")) ? "\"\(short)\"" : "'\(short)'"
}

/// At most 60 characters of one line, with nothing in it that moves a terminal's cursor.
package func shortened(_ text: String) -> String {
    let lengthMax = 60
    var short = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        guard short.count < lengthMax else { return String(short) + "…" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: short.append("\u{FFFD}")
        case _: short.append(scalar)
        }
    }
    return String(short)
}

extension [String] {
    /// `a, b and c`.
    package var listed: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
