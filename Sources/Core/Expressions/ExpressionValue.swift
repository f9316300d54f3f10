/// What an expression is worth.
package enum ExpressionValue: Hashable, Sendable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case texts([String])

    package var type: ExpressionType {
        switch self {
        case .text: .text
        case .number: .number
        case .flag: .flag
        case .texts: .texts
        }
    }

    /// What stands in a template's place for it: a list has one line for each text.
    package var rendered: String {
        switch self {
        case .text(let text): text
        case .number(let number): Self.written(number)
        case .flag(let flag): flag ? "true" : "false"
        case .texts(let texts): texts.joined(separator: "\n")
        }
    }

    /// A whole number has no point: 7, not 7.0.
    static func written(_ number: Double) -> String {
        let whole = Int64(exactly: number)
        return whole.map(String.init) ?? String(number)
    }
}

/// What kind of thing an expression is worth, which is known before anything runs.
package enum ExpressionType: String, Sendable, CaseIterable {
    case text
    case number
    case flag
    case texts

    /// How messages call it.
    package var noun: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .flag: "true or false"
        case .texts: "a list of texts"
        }
    }
}
