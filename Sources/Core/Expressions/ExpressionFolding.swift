/// Puts known values in, and decides what follows from them.
extension Expression {
    /// The expression with everything decided that these names decide; only what they leave
    /// open is left.
    package func folded(with names: Names) throws(ExpressionError) -> Expression {
        var folded = Expression(made: try root.folded(with: names))
        if folded.value == nil, folded.source.utf8.count > ExpressionLimits.foldedMax {
            throw ExpressionError("with its values, this is too long", at: root.range)
        }
        folded.mark = mark
        return folded
    }

    /// The value, where nothing is left open.
    package var value: ExpressionValue? {
        if case .literal(let value) = root.kind { value } else { nil }
    }
}

extension Template {
    /// The template with every value put in that these names decide.
    package func folded(with names: Names) throws(ExpressionError) -> Template {
        guard hasValues else { return self }
        var folded: [Piece] = []
        for piece in pieces {
            switch piece {
            case .text:
                folded.append(piece)
            case .value(let node):
                let node = try node.folded(with: names)
                if case .literal(let value) = node.kind {
                    folded.append(.text(value.rendered))
                } else {
                    folded.append(.value(node))
                }
            }
        }
        var template = Template(planned: folded)
        template.mark = mark
        if template.source.utf8.count > ExpressionLimits.foldedMax {
            throw ExpressionError("with its values, this is too long", at: 0..<0)
        }
        return template
    }

    /// The text that these names make of it.
    package func text(with names: Names) throws(ExpressionError) -> String {
        let folded = try folded(with: names)
        if let text = folded.constant { return text }
        let open = folded.pieces.lazy.compactMap(\.openText).first ?? ""
        throw ExpressionError("\(quoted(open)) is not known", at: 0..<0)
    }

    /// The patterns of every `hash()` in it, which only a workspace can answer.
    package var hashes: [[String]] {
        pieces.flatMap { piece -> [[String]] in
            switch piece {
            case .text: []
            case .value(let node): node.hashes
            }
        }
    }

    /// The variables of `env` that stand in it.
    var variables: [String] {
        pieces.flatMap { piece -> [String] in
            switch piece {
            case .text: []
            case .value(let node): node.variables
            }
        }
    }
}

extension Expression {
    /// The patterns of every `hash()` in it, which only a workspace can answer.
    package var hashes: [[String]] { root.hashes }

    /// The variables of `env` that stand in it.
    var variables: [String] { root.variables }
}

extension Template.Piece {
    fileprivate var openText: String? {
        switch self {
        case .text: nil
        case .value(let node): node.description
        }
    }
}

extension ExpressionNode {
    fileprivate var hashes: [[String]] {
        if case .call(.hash, let arguments) = kind { return [arguments.compactMap(\.text)] }
        return children.flatMap(\.hashes)
    }

    fileprivate var variables: [String] {
        if case .name(let name) = kind, name.root == ContextFamily.env.rawValue {
            return Array(name.path.dropFirst().prefix(1))
        }
        return children.flatMap(\.variables)
    }

    fileprivate var literal: ExpressionValue? {
        if case .literal(let value) = kind { value } else { nil }
    }

    private var text: String? {
        if case .literal(.text(let text)) = kind { text } else { nil }
    }

    fileprivate func replaced(by value: ExpressionValue) -> ExpressionNode {
        ExpressionNode(.literal(value), range)
    }

    func folded(with names: Names) throws(ExpressionError) -> ExpressionNode {
        switch kind {
        case .literal:
            return self
        case .list(let nodes):
            return ExpressionNode(.list(try nodes.folded(with: names)), range).withTextsJoined
        case .name(let name):
            return names.value(of: name).map(replaced)
                ?? ExpressionNode(.name(names.global(name)), range)
        case .call(let function, let arguments):
            return try folded(function, arguments, with: names)
        case .not(let node):
            let node = try node.folded(with: names)
            if case .flag(let flag)? = node.literal { return replaced(by: .flag(!flag)) }
            return ExpressionNode(.not(node), range)
        case .comparison(let comparison, let left, let right):
            return try folded(comparison, left, right, with: names)
        case .all(let nodes):
            return try folded(nodes, decidedBy: false, with: names) { .all($0) }
        case .any(let nodes):
            return try folded(nodes, decidedBy: true, with: names) { .any($0) }
        }
    }

    /// One part decides the whole, wherever it stands: nothing here has effects.
    private func folded(
        _ nodes: [ExpressionNode],
        decidedBy decisive: Bool,
        with names: Names,
        _ make: ([ExpressionNode]) -> Kind
    ) throws(ExpressionError) -> ExpressionNode {
        var open: [ExpressionNode] = []
        for node in nodes {
            let node = try node.folded(with: names)
            if case .flag(let flag)? = node.literal {
                if flag == decisive { return replaced(by: .flag(decisive)) }
            } else {
                open.append(node)
            }
        }
        switch open.count {
        case 0: return replaced(by: .flag(!decisive))
        case 1: return open[0]
        case _: return ExpressionNode(make(open), range)
        }
    }

    private func folded(
        _ comparison: ExpressionOperator,
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        with names: Names
    ) throws(ExpressionError) -> ExpressionNode {
        if names.changedAnything,
            comparison == .matches && left.isChangedFiles
                || comparison == .isIn && right.isChangedFiles
        {
            return replaced(by: .flag(true))
        }
        let (left, right) = (try left.folded(with: names), try right.folded(with: names))
        guard let one = left.literal, let other = right.literal else {
            return ExpressionNode(.comparison(comparison, left, right), range)
        }
        guard let holds = try comparison.holds(one, other, at: range) else {
            throw ExpressionError("these cannot be compared", at: range)
        }
        return replaced(by: .flag(holds))
    }

    private var isChangedFiles: Bool {
        kind == .name(ExpressionName(ContextName.changedFiles.rawValue))
    }

    private func folded(
        _ function: ExpressionFunction,
        _ arguments: [ExpressionNode],
        with names: Names
    ) throws(ExpressionError) -> ExpressionNode {
        switch function {
        case .success: return names.status.map { replaced(by: .flag($0.isSuccess)) } ?? self
        case .failure: return names.status.map { replaced(by: .flag($0.isFailure)) } ?? self
        case .cancelled: return names.status.map { replaced(by: .flag($0.isCancelled)) } ?? self
        case .changed: return names.status?.isChanged.map { replaced(by: .flag($0)) } ?? self
        case .always: return names.status.map { _ in replaced(by: .flag(true)) } ?? self
        case .hash:
            return names.hashes[arguments.compactMap(\.text)].map { replaced(by: .text($0)) }
                ?? self
        case .startsWith, .endsWith, .contains:
            if function == .contains, names.changedAnything, arguments[0].isChangedFiles {
                return replaced(by: .flag(true))
            }
            let arguments = try arguments.folded(with: names)
            guard let whole = arguments[0].literal, let part = arguments[1].literal else {
                return ExpressionNode(.call(function, arguments), range)
            }
            guard let holds = try function.holds(whole, part, at: range) else {
                throw ExpressionError("these cannot be compared", at: range)
            }
            return replaced(by: .flag(holds))
        }
    }
}

extension [ExpressionNode] {
    fileprivate func folded(with names: Names) throws(ExpressionError) -> [ExpressionNode] {
        var folded: [ExpressionNode] = []
        for node in self { folded.append(try node.folded(with: names)) }
        return folded
    }
}
