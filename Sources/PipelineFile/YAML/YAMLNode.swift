import Core

/// A value of the file: a text, a list or a mapping.
///
/// Aliases have become what they stand for. It is a class because there are many, they are large,
/// and nothing of them ever changes.
final class YAMLNode {
    enum Content {
        /// YAML's numbers, booleans and nulls are texts too.
        case scalar(text: String, style: YAMLStyle)
        case sequence([YAMLNode])
        case mapping([YAMLPair])
    }

    /// How much it is once every alias in it is written out.
    struct Size {
        var nodes: Int
        var bytes: Int
        /// Collections inside each other; a text has none.
        var height: Int

        /// Of a list or mapping, before anything is in it.
        static let collection = Size(nodes: 1, bytes: 0, height: 1)

        mutating func add(_ child: Size) {
            nodes += child.nodes
            bytes += child.bytes
            height = max(height, child.height + 1)
        }
    }

    let content: Content
    let start: Mark
    let size: Size
    /// Where its text begins and ends: elsewhere, when only its name stands here.
    let textStart: Mark
    let textEnd: Mark

    init(content: Content, start: Mark, end: Mark, size: Size) {
        self.content = content
        self.start = start
        self.size = size
        textStart = start
        textEnd = end
    }

    /// What an alias at another place stands for.
    init(_ node: YAMLNode, aliasedAt start: Mark) {
        content = node.content
        self.start = start
        size = node.size
        textStart = node.textStart
        textEnd = node.textEnd
    }

    /// Whether nothing was written, or one of YAML's words for nothing.
    var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, for messages.
    var noun: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// How a text was written; only a plain one can mean a number, a flag or nothing.
enum YAMLStyle: Equatable {
    case plain
    case singleQuoted
    case doubleQuoted
    /// Behind `|`.
    case literal
    /// Behind `>`.
    case folded
}

/// A key with its value.
struct YAMLPair {
    var key: String
    var keyMark: Mark
    var value: YAMLNode
}
