extension Pipeline {
    /// What a person may give, and what a file that uses this one may.
    var declaredInputs: [InputDefinition] {
        let manual = triggers.manual?.inputs ?? []
        let known = Set(manual.map(\.name.value))
        return manual + inputs.filter { !known.contains($0.name.value) }
    }
}

extension InputType {
    var valueType: ExpressionType {
        switch self {
        case .text, .choice: .text
        case .number: .number
        case .flag: .flag
        }
    }
}

extension InputDefinition {
    /// The value of a text that was given; nil where it does not fit the type.
    package func value(of text: String) -> ExpressionValue? {
        switch type {
        case .text: .text(text)
        case .choice: options.contains(text) ? .text(text) : nil
        case .flag: text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
        case .number: Self.number(text).map { .number($0) }
        }
    }

    /// What is wrong with what a person gave for it, in words; nil where nothing is.
    package func complaint(about text: String?) -> String? {
        guard let text else {
            return isRequired && defaultValue == nil ? "It is required." : nil
        }
        return value(of: text) == nil ? "It is \(wanted), not \(quoted(text))." : nil
    }

    /// What it is where nobody gave it: the default, or what is nothing for its type.
    var absentValue: ExpressionValue {
        if let given = defaultValue.flatMap({ value(of: $0.value) }) { return given }
        switch type {
        case .text: return .text("")
        case .choice: return .text(options.first ?? "")
        case .flag: return .flag(false)
        case .number: return .number(0)
        }
    }

    /// What would fit.
    var wanted: String {
        switch type {
        case .text: "a text"
        case .choice: "one of \(options.map(shortened).listed)"
        case .flag: "true or false"
        case .number: "a number such as 7 or 2.5"
        }
    }

    /// A number as expressions write it.
    private static func number(_ text: String) -> Double? {
        guard let expression = try? Expression(text), case .number(let number)? = expression.value
        else { return nil }
        return number
    }
}

/// What became of the values that were given for inputs.
package enum GivenInputs: Equatable, Sendable {
    case values([String: ExpressionValue])
    /// What is wrong with them, one sentence each.
    case complaints([String])
}

/// Checks what a person, or a file that uses another, gives for inputs.
///
/// - Parameters:
///   - given: Name to text.
///   - definitions: What is declared.
///   - isAsked: Whether somebody was there to give what is required.
/// - Returns: A value for every declared input, or everything that is wrong.
package func readInputs(
    _ given: [String: String],
    for definitions: [InputDefinition],
    isAsked: Bool
) -> GivenInputs {
    var values: [String: ExpressionValue] = [:]
    var complaints: [String] = []
    let known = definitions.map(\.name.value)
    for name in given.keys.sorted() where !known.contains(name) {
        let hint = nearest(to: name, among: known).map { "; did you mean '\(shortened($0))'?" }
        complaints.append("there is no input \(quoted(name))\(hint ?? "")")
    }
    for definition in definitions {
        let name = definition.name.value
        values[name] = definition.absentValue
        if let text = given[name] {
            guard let value = definition.value(of: text) else {
                complaints.append(
                    "the input \(quoted(name)) is \(definition.wanted), not \(quoted(text))"
                )
                continue
            }
            values[name] = value
        } else if isAsked, definition.isRequired, definition.defaultValue == nil {
            complaints.append("the input \(quoted(name)) is required")
        }
    }
    return complaints.isEmpty ? .values(values) : .complaints(complaints)
}

extension FileCheck {
    mutating func check(inputs: [InputDefinition]) {
        var seen: Set<String> = []
        for input in inputs {
            let name = input.name.value
            if !ExpressionName.isPlain(name) {
                say(
                    "\(quoted(name)) is not the name of an input",
                    at: input.name.mark,
                    hint: "letters, digits, '_' and '-'"
                )
            }
            if !seen.insert(name).inserted {
                say("a second input \(quoted(name))", at: input.name.mark)
            }
            if input.type == .choice, input.options.isEmpty {
                say("the choice \(quoted(name)) has no 'options'", at: input.name.mark)
            }
            guard let text = input.defaultValue, input.value(of: text.value) == nil else {
                continue
            }
            say(
                "the default of \(quoted(name)) is \(input.wanted), not \(quoted(text.value))",
                at: text.mark
            )
        }
    }
}
