import Foundation

/// The text that stands for a ref's name, which Git keeps as bytes.
///
/// Two different names never make the same text, not even in the eyes of `String`, to which
/// a composed and a decomposed é are equal. A name in plain NFC UTF-8 is its own text; in any
/// other the bytes that are not ASCII are written as `%XX`.
enum RefText {
    static func encode(_ name: some Collection<UInt8>) -> String {
        if let plain = String(validating: name, as: UTF8.self), isComposed(plain) { return plain }
        let digits = Array("0123456789ABCDEF".utf8)
        let escaped = name.flatMap { byte in
            byte < 0x80 ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// The names that a text may stand for, the likeliest first.
    static func decode(_ text: String) -> [[UInt8]] {
        let plain = Array(text.utf8)
        let unescaped = unescape(plain)
        return unescaped == plain ? [plain] : [plain, unescaped]
    }

    private static func isComposed(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 < 0x80 }
            || text.utf8.elementsEqual(text.precomposedStringWithCanonicalMapping.utf8)
    }

    private static func unescape(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            let code = rest.prefix(2)
            if byte == 0x25, code.count == 2, code.allSatisfy({ $0 < 0x80 }),
                let value = UInt8(String(decoding: code, as: UTF8.self), radix: 16), value >= 0x80
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
