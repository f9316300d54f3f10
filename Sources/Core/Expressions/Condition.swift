/// The `if:` of a planned job or step: whether it runs after what came before.
///
/// What is written without asking how things went has `success() &&` put in front, as people
/// know it from GitHub. Its text is stored; the three that older documents hold stand without
/// parentheses: `success`, `failure` and `always`.
package struct Condition: Hashable, Sendable {
    package let expression: Expression

    package static let success = Condition(.success)
    package static let failure = Condition(.failure)
    package static let always = Condition(.always)

    private init(_ function: ExpressionFunction) {
        expression = Expression(made: ExpressionNode(.call(function, []), 0..<0))
    }

    /// What an `if` means.
    package init(_ expression: Expression) {
        let asksStatus = expression.root.contains { node in
            if case .call(let function, _) = node.kind { function.asksStatus } else { false }
        }
        let success = ExpressionNode(.call(.success, []), 0..<0)
        self.expression =
            asksStatus
            ? Expression(made: expression.root)
            : Expression(made: ExpressionNode(.all([success, expression.root]), 0..<0))
    }

    /// A condition as it stands, with nothing put in front.
    init(planned expression: Expression) {
        self.expression = expression
    }

    /// The condition with everything decided that these names decide.
    package func folded(with names: Names) throws(ExpressionError) -> Condition {
        if names.status == nil, case .call = expression.root.kind { return self }
        let folded = Condition(planned: try expression.folded(with: names))
        return folded.expression.value == .flag(true) ? .always : folded
    }

    /// Whether it holds; nil: these names do not decide it.
    package func holds(with names: Names) throws(ExpressionError) -> Bool? {
        guard case .flag(let flag)? = try expression.folded(with: names).value else { return nil }
        return flag
    }

    package static func == (left: Self, right: Self) -> Bool { left.expression == right.expression }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension Condition: RawRepresentable, Codable {
    private static let words: [Condition] = [.success, .failure, .always]

    package init?(rawValue: String) {
        if let known = Self.words.first(where: { $0.rawValue == rawValue }) {
            self = known
            return
        }
        guard let expression = try? Expression(planned: rawValue) else {
            return nil
        }
        self.init(planned: expression)
    }

    package var rawValue: String {
        switch expression.root.kind {
        case .call(.success, _): "success"
        case .call(.failure, _): "failure"
        case .call(.always, _): "always"
        case _: expression.source
        }
    }
}
