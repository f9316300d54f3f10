/// An expression as a tree.
///
/// Two trees are equal when they mean the same, wherever they stood.
package struct ExpressionNode: Sendable {
    package indirect enum Kind: Equatable, Sendable {
        case literal(ExpressionValue)
        /// Texts between brackets, not all of them literals.
        case list([ExpressionNode])
        case name(ExpressionName)
        case call(ExpressionFunction, [ExpressionNode])
        case not(ExpressionNode)
        case comparison(ExpressionOperator, ExpressionNode, ExpressionNode)
        /// Two or more, joined by `&&`.
        case all([ExpressionNode])
        /// Two or more, joined by `||`.
        case any([ExpressionNode])
    }

    package var kind: Kind
    /// The bytes of the source that it was read from.
    package var range: Range<Int>

    package init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    /// What it is made of, in order.
    package var children: [ExpressionNode] {
        switch kind {
        case .literal, .name: []
        case .list(let nodes), .call(_, let nodes), .all(let nodes), .any(let nodes): nodes
        case .not(let node): [node]
        case .comparison(_, let left, let right): [left, right]
        }
    }

    /// A list of written texts is one value; any other node stays as it is.
    var withTextsJoined: ExpressionNode {
        guard case .list(let nodes) = kind else { return self }
        var texts: [String] = []
        for node in nodes {
            guard case .literal(.text(let text)) = node.kind else { return self }
            texts.append(text)
        }
        return ExpressionNode(.literal(.texts(texts)), range)
    }

    /// Whether it, or something in it, is such a node.
    package func contains(_ isWanted: (ExpressionNode) -> Bool) -> Bool {
        isWanted(self) || children.contains { $0.contains(isWanted) }
    }
}

extension ExpressionNode: Equatable {
    package static func == (left: Self, right: Self) -> Bool { left.kind == right.kind }
}

/// What stands between the two sides of a comparison.
package enum ExpressionOperator: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    /// The right side is a pattern, as in ``Glob``.
    case matches = "=~"
}

/// What can be called.
package enum ExpressionFunction: String, Sendable, CaseIterable {
    case success
    case failure
    case always
    case cancelled
    case changed
    /// The digest of the files that its patterns match.
    case hash
    case startsWith
    case endsWith
    case contains

    /// How many arguments it takes.
    package var arity: ClosedRange<Int> {
        switch self {
        case .success, .failure, .always, .cancelled, .changed: 0...0
        case .hash: 1...16
        case .startsWith, .endsWith, .contains: 2...2
        }
    }

    /// Whether it asks how what came before ended, so that no `success() &&` is put in front.
    package var asksStatus: Bool {
        switch self {
        case .success, .failure, .always, .cancelled, .changed: true
        case .hash, .startsWith, .endsWith, .contains: false
        }
    }
}
