/// A value of the file: a text, a list or a mapping.
///
/// Aliases have become what they stand for.
struct YAMLNode {
    enum Content {
        /// YAML's numbers, booleans and nulls are texts too; plain means unquoted.
        case scalar(text: String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLPair])
    }

    /// How much it is once every alias in it is written out.
    struct Size {
        var nodes: Int
        var bytes: Int
        /// Collections inside each other; a text has none.
        var height: Int
    }

    var content: Content
    var start: Mark
    var end: Mark
    var size: Size

    /// Whether nothing was written, or one of YAML's words for nothing.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
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

/// A key with its value.
struct YAMLPair {
    var key: String
    var keyMark: Mark
    var value: YAMLNode
}
