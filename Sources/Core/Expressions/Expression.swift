/// A condition or value as it is written, read into a tree once.
///
/// Every value has one of four types, and types are checked before anything runs: a text, a
/// number, a flag (true or false), or a list of texts. There is no silent conversion:
///
/// - `==` and `!=` want the same type on both sides. The values of a matrix and of `env` are
///   texts, so `matrix.swift == '6.10'` holds for `6.10` alone, and `matrix.swift == 6.1` is an
///   error that says so.
/// - `<`, `<=`, `>` and `>=` want two numbers. Texts have no order here: as texts, `6.10` would
///   come before `6.9`.
/// - `in` wants a text and a list; `=~` a text, or a list of which one text must match, and a
///   pattern.
/// - `&&`, `||` and `!` want flags, and so does an `if`. There is no truth in a text.
/// - A name without a value here, such as `tag` on a branch, is the empty text.
package struct Expression: Sendable {
    /// Nil where it was not read but made.
    private let written: String?
    package var root: ExpressionNode
    /// Where its first byte stands in the file; nil once it is planned.
    package var mark: Mark?

    /// What was written, or what planning made of it.
    package var source: String { written ?? root.description }

    /// Reads what stands in a file.
    package init(_ source: String, at mark: Mark? = nil) throws(ExpressionError) {
        try self.init(source, at: mark, limits: .written)
    }

    /// Reads what planning stored, which with its values may be longer than people write.
    package init(planned source: String) throws(ExpressionError) {
        try self.init(source, at: nil, limits: .planned)
    }

    init(_ source: String, at mark: Mark?, limits: ExpressionLimits) throws(ExpressionError) {
        let bytes = Array(source.utf8)
        let start = bytes.prefix { $0 <= 0x20 }.count
        if bytes[start...].starts(with: "${{".utf8) {
            throw ExpressionError(
                "an expression stands here without '${{ }}'",
                at: start..<(start + 3),
                hint: "take the braces away"
            )
        }
        var parser = try ExpressionParser(bytes, limits: limits)
        root = try parser.whole(until: .end)
        written = source
        self.mark = mark
    }

    /// An expression that was not read but made.
    init(made root: ExpressionNode) {
        written = nil
        self.root = root
    }
}

extension Expression: Equatable {
    /// Two are equal when they mean the same, wherever they stand.
    package static func == (left: Self, right: Self) -> Bool { left.root == right.root }
}
