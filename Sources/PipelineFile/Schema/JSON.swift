/// A JSON value whose keys stay in their order, as readers of a schema like it.
indirect enum JSON {
    case text(String)
    case flag(Bool)
    case number(Int)
    case list([JSON])
    case object([(String, JSON)])

    func rendered(indent: String = "") -> String {
        let inner = indent + "  "
        switch self {
        case .text(let text): return Self.quoted(text)
        case .flag(let flag): return flag ? "true" : "false"
        case .number(let number): return String(number)
        case .list(let items):
            return "[" + items.map { $0.rendered(indent: inner) }.joined(separator: ", ") + "]"
        case .object(let pairs):
            if pairs.isEmpty { return "{}" }
            let lines = pairs.map { key, value in
                "\(inner)\(Self.quoted(key)): \(value.rendered(indent: inner))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    /// The vocabulary is ASCII without control characters; these two are all there is to escape.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }
}
