import Foundation

/// The JSON text of lists and documents in columns.
///
/// Keys are sorted, so that equal values are equal text.
enum Text {
    static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Most lists are empty, and most of the time goes into starting an encoder.
    static func of(list: [String]) throws -> String {
        list.isEmpty ? "[]" : try of(list)
    }

    static func value<Value: Decodable>(_ type: Value.Type, in text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    static func list(in text: String) throws -> [String] {
        text == "[]" ? [] : try value([String].self, in: text)
    }
}
