/// Writes a tree as text that reads back into the same tree.
enum ExpressionPrinter {
    fileprivate static func text(of node: ExpressionNode) -> String {
        var text = ""
        write(node, to: &text)
        return text
    }

    static func quoted(_ text: String) -> String {
        var quoted: [UInt8] = [UInt8(ascii: "'")]
        for byte in text.utf8 {
            quoted.append(byte)
            if byte == UInt8(ascii: "'") { quoted.append(byte) }
        }
        quoted.append(UInt8(ascii: "'"))
        return String(decoding: quoted, as: UTF8.self)
    }

    private static func write(_ node: ExpressionNode, to text: inout String) {
        switch node.kind {
        case .literal(.text(let value)):
            text += quoted(value)
        case .literal(.number(let value)):
            text += ExpressionValue.written(value)
        case .literal(.flag(let value)):
            text += value ? "true" : "false"
        case .literal(.texts(let values)):
            text += "[" + values.map(quoted).joined(separator: ", ") + "]"
        case .list(let nodes):
            text += "["
            write(nodes, separator: ", ", above: .any, to: &text)
            text += "]"
        case .name(let name):
            text += name.description
        case .call(let function, let nodes):
            text += function.rawValue + "("
            write(nodes, separator: ", ", above: .any, to: &text)
            text += ")"
        case .not(let inner):
            text += "!"
            write(inner, above: .unary, to: &text)
        case .comparison(let comparison, let left, let right):
            write(left, above: .unary, to: &text)
            text += " \(comparison.rawValue) "
            write(right, above: .unary, to: &text)
        case .all(let nodes):
            write(nodes, separator: " && ", above: .comparison, to: &text)
        case .any(let nodes):
            write(nodes, separator: " || ", above: .all, to: &text)
        }
    }

    /// How tightly the parts of a node hold together.
    private enum Binding: Int {
        case any
        case all
        case comparison
        case unary
    }

    private static func write(
        _ nodes: [ExpressionNode],
        separator: String,
        above binding: Binding,
        to text: inout String
    ) {
        for (index, node) in nodes.enumerated() {
            if index > 0 { text += separator }
            write(node, above: binding, to: &text)
        }
    }

    /// In parentheses where it holds less tightly than what is around it.
    private static func write(
        _ node: ExpressionNode,
        above binding: Binding,
        to text: inout String
    ) {
        let own: Binding =
            switch node.kind {
            case .any: .any
            case .all: .all
            case .comparison: .comparison
            case .literal, .list, .name, .call, .not: .unary
            }
        if own.rawValue >= binding.rawValue {
            write(node, to: &text)
        } else {
            text += "("
            write(node, to: &text)
            text += ")"
        }
    }
}

extension ExpressionNode: CustomStringConvertible {
    /// The expression as text that reads back into an equal tree.
    package var description: String { ExpressionPrinter.text(of: self) }
}
