/// What has been remarked so far, each thing once, and not without end.
struct Remarks {
    private(set) var list: [Remark] = []

    static let countMax = 500

    var hasLosses: Bool { list.contains { $0.kind == .lost } }

    /// In the order of the foreign file.
    var sorted: [Remark] {
        list.enumerated()
            .sorted { left, right in
                (left.element.line, left.element.column, left.offset)
                    < (right.element.line, right.element.column, right.offset)
            }
            .map(\.element)
    }

    /// Remarks something.
    ///
    /// - Returns: The comment that says the same in the new file.
    @discardableResult
    mutating func add(
        _ kind: Remark.Kind,
        _ subject: String,
        _ advice: String,
        at mark: Mark
    ) -> String {
        let remark = Remark(
            kind: kind,
            line: mark.line,
            column: mark.column,
            subject: subject,
            advice: advice
        )
        if list.count < Self.countMax, !list.contains(remark) { list.append(remark) }
        return remark.description
    }
}

/// A text of the foreign file as remarks show it: one line, not long, nothing that moves a cursor.
func shown(_ text: String, lengthMax: Int = 70) -> String {
    var short = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        guard short.count < lengthMax else { return String(short) + "…" }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: short.append(" ")
        case .format: short.append("\u{FFFD}")
        case _: short.append(scalar)
        }
    }
    return String(short)
}
