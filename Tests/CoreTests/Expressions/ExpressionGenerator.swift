import Core

/// Makes expressions of every shape, deterministically.
struct ExpressionGenerator {
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    private func node(_ kind: ExpressionNode.Kind) -> ExpressionNode { ExpressionNode(kind, 0..<0) }

    private mutating func number(below limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &random)
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item {
        items[number(below: items.count)]
    }

    /// A tree that may mean nothing, but can be written.
    mutating func tree(depth: Int = 4) -> ExpressionNode {
        switch number(below: depth == 0 ? 2 : 8) {
        case 0: return node(.literal(literal()))
        case 1: return node(.name(name()))
        case 2: return node(.not(tree(depth: depth - 1)))
        case 3: return node(.all(trees(depth: depth - 1, atLeast: 2)))
        case 4: return node(.any(trees(depth: depth - 1, atLeast: 2)))
        case 5: return call(depth: depth - 1)
        case 6:
            // With a name in it, since a list of texts alone is a literal.
            return node(.list([node(.name(name()))] + trees(depth: depth - 1, atLeast: 0)))
        case _:
            return node(
                .comparison(
                    pick(ExpressionOperator.allCases),
                    tree(depth: depth - 1),
                    tree(depth: depth - 1)
                )
            )
        }
    }

    private mutating func trees(depth: Int, atLeast least: Int) -> [ExpressionNode] {
        (0..<(least + number(below: 3))).map { _ in tree(depth: depth) }
    }

    private mutating func call(depth: Int) -> ExpressionNode {
        let function = pick(ExpressionFunction.allCases)
        let arguments = (0..<function.arity.lowerBound).map { _ in
            function == .hash ? node(.literal(.text(text()))) : tree(depth: depth)
        }
        return node(.call(function, arguments))
    }

    private mutating func literal() -> ExpressionValue {
        switch number(below: 4) {
        case 0: .text(text())
        case 1: .number(Double(number(below: 20_001) - 10_000) / pick([1, 2, 10, 1_000]))
        case 2: .flag(number(below: 2) == 0)
        case _: .texts((0..<number(below: 3)).map { _ in text() })
        }
    }

    private mutating func text() -> String {
        let parts = [
            "", "a", "'", "''", "${{", "}}", "\n", " ", "é", "\u{1F600}", "\\", "in", "\0",
        ]
        return (0..<number(below: 4)).map { _ in pick(parts) }.joined()
    }

    private mutating func name() -> ExpressionName {
        let roots = ["event", "needs", "matrix", "a-b", "_x", "In"]
        let words = ["in", "6", "result", "a b", "it's", "x.y", "outputs", "true", "]", "-"]
        return ExpressionName(path: [pick(roots)] + (0..<number(below: 4)).map { _ in pick(words) })
    }

    /// Pieces of expressions in any order, with bytes that belong in none.
    mutating func noise() -> String {
        (0..<number(below: 12)).map { _ in pick(Self.noiseParts) }.joined()
    }

    private static let noiseParts = [
        "a", "event", "needs.x.result", "'t'", "'", "1", "-", ".", "6.10", "true", "in", "==",
        "!=", "<", "<=", ">", ">=", "=~", "=", "&&", "&", "||", "|", "!", "(", ")", "[", "]",
        ",", "success()", "hash(", "contains(", "${{", "}}", " ", " ", "\n", "é", "\0", "\"",
    ]
}
