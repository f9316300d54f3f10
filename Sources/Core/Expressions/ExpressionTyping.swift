/// What an expression is worth, found out before anything runs.
extension Expression {
    /// The type, or what is wrong with it in this place.
    package func type(in scope: Scope) throws(ExpressionError) -> ExpressionType {
        try root.type(in: scope)
    }

    /// Refuses what is no condition in this place.
    package func requireFlag(in scope: Scope) throws(ExpressionError) {
        let type = try type(in: scope)
        guard type == .flag else {
            throw ExpressionError(
                "a condition is true or false, and this is \(type.noun)",
                at: root.range,
                hint: "compare it with something"
            )
        }
    }
}

extension Template {
    /// Refuses a template with a value that is not known in this place; any type can be put in.
    package func check(in scope: Scope) throws(ExpressionError) {
        for piece in pieces {
            switch piece {
            case .text: continue
            case .value(let node): _ = try node.type(in: scope)
            }
        }
    }
}

extension ExpressionNode {
    func type(in scope: Scope) throws(ExpressionError) -> ExpressionType {
        switch kind {
        case .literal(let value):
            return value.type
        case .list(let nodes):
            for node in nodes { try node.require(.text, in: scope, "a list holds texts") }
            return .texts
        case .name(let name):
            return try scope.type(of: name, at: range)
        case .call(let function, let arguments):
            return try type(of: function, arguments, in: scope)
        case .not(let node):
            try node.require(.flag, in: scope, "'!' wants true or false")
            return .flag
        case .all(let nodes):
            for node in nodes { try node.require(.flag, in: scope, "'&&' wants true or false") }
            return .flag
        case .any(let nodes):
            for node in nodes { try node.require(.flag, in: scope, "'||' wants true or false") }
            return .flag
        case .comparison(let comparison, let left, let right):
            let types = (try left.type(in: scope), try right.type(in: scope))
            if !comparison.accepts(types.0, types.1) {
                throw mismatch(comparison, types.0, types.1)
            }
            return .flag
        }
    }

    private func require(
        _ wanted: ExpressionType,
        in scope: Scope,
        _ rule: String
    ) throws(ExpressionError) {
        let type = try type(in: scope)
        guard type == wanted else {
            throw ExpressionError("\(rule), and this is \(type.noun)", at: range)
        }
    }

    private func type(
        of function: ExpressionFunction,
        _ arguments: [ExpressionNode],
        in scope: Scope
    ) throws(ExpressionError) -> ExpressionType {
        switch function {
        case .success, .failure, .always, .cancelled, .changed:
            guard scope.isCondition else {
                throw ExpressionError("\(function.rawValue)() stands only in an 'if'", at: range)
            }
            return .flag
        case .hash:
            try scope.require(.running, for: ExpressionName("hash()"), at: range)
            return .text
        case .startsWith, .endsWith:
            for argument in arguments {
                try argument.require(.text, in: scope, "\(function.rawValue)() wants texts")
            }
            return .flag
        case .contains:
            let type = try arguments[0].type(in: scope)
            guard type == .text || type == .texts else {
                throw ExpressionError(
                    "contains() looks into a text or a list, and this is \(type.noun)",
                    at: arguments[0].range
                )
            }
            try arguments[1].require(.text, in: scope, "contains() looks for a text")
            return .flag
        }
    }

    private func mismatch(
        _ comparison: ExpressionOperator,
        _ left: ExpressionType,
        _ right: ExpressionType
    ) -> ExpressionError {
        let isTextAndNumber = Set([left, right]) == [.text, .number]
        let hint: String? =
            switch comparison {
            case .equal, .unequal:
                isTextAndNumber
                    ? "a text is compared with a text between ' quotes, such as '6.10'" : nil
            case .less, .lessOrEqual, .greater, .greaterOrEqual:
                "texts have no order: '6.10' would come before '6.9'"
            case .isIn: left == .text && right == .text ? "write contains(text, part)" : nil
            case .matches: nil
            }
        return ExpressionError(
            "'\(comparison.rawValue)' wants \(comparison.wanted), "
                + "and these are \(left.noun) and \(right.noun)",
            at: range,
            hint: hint
        )
    }
}

extension ExpressionOperator {
    /// Whether it can compare two things of these types.
    func accepts(_ left: ExpressionType, _ right: ExpressionType) -> Bool {
        switch self {
        case .equal, .unequal: left == right && left != .texts
        case .less, .lessOrEqual, .greater, .greaterOrEqual: left == .number && right == .number
        case .isIn: left == .text && right == .texts
        case .matches: (left == .text || left == .texts) && right == .text
        }
    }

    fileprivate var wanted: String {
        switch self {
        case .equal, .unequal: "two texts, two numbers or two flags"
        case .less, .lessOrEqual, .greater, .greaterOrEqual: "two numbers"
        case .isIn: "a text and a list of texts"
        case .matches: "a text or a list, and a pattern"
        }
    }
}
