import Foundation

/// A path of the API, whose parts are escaped one by one: a name with a slash stays one part.
struct APIPath: Equatable, Sendable {
    private var parts: [String]
    private var query: [(name: String, value: String)] = []

    /// - Parameters:
    ///   - root: Known parts, such as `api/v1/builds`.
    ///   - parts: What comes after it, from elsewhere.
    /// - Throws: Wrong use, where a part is empty or means another folder.
    init(_ root: String, _ parts: String...) throws(CommandError) {
        // A server that tidies its paths would take them for steps upwards.
        if let part = parts.first(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            throw CommandError(.wrongUse, "'\(part)' is not a name")
        }
        self.parts = root.split(separator: "/").map(String.init) + parts
    }

    /// The same with a query item; nothing changes where the value is nil.
    func with(_ name: String, _ value: String?) -> APIPath {
        var path = self
        if let value { path.query.append((name, value)) }
        return path
    }

    /// The path behind the server's address, which may have a path of its own.
    func url(on server: URL) -> String {
        var text = server.absoluteString
        while text.hasSuffix("/") { text.removeLast() }
        text += parts.map { "/" + Self.escaped($0) }.joined()
        if !query.isEmpty {
            let items = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }
            text += "?" + items.joined(separator: "&")
        }
        return text
    }

    static func == (left: APIPath, right: APIPath) -> Bool {
        left.parts == right.parts && left.query.elementsEqual(right.query, by: ==)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            case _:
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
