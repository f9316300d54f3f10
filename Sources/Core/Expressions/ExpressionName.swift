/// A name in an expression, as the words between its dots: `needs.test.result`.
package struct ExpressionName: Hashable, Sendable {
    package var path: [String]

    package init(_ path: String...) {
        self.path = path
    }

    package init(path: [String]) {
        self.path = path
    }

    /// The word that decides what the others mean.
    package var root: String { path.first ?? "" }

    package static let wordsMax = 4
}

extension ExpressionName: CustomStringConvertible {
    /// The only way to write it: a word that is no plain word stands in brackets.
    package var description: String {
        var text = root
        for word in path.dropFirst() {
            text += Self.isPlain(word) ? "." + word : "[" + ExpressionPrinter.quoted(word) + "]"
        }
        return text
    }

    static func isPlain(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy(isWordByte)
    }
}

/// Letters, digits, `_` and `-`: what names are made of behind their first byte.
func isWordByte(_ byte: UInt8) -> Bool {
    isWordStart(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
}

func isWordStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
    case _:
        false
    }
}
