/// What is wrong with something a release is to be made of, in words for whoever made it.
package struct ReleaseProblem: Error, Equatable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }

    /// Text from outside, shortened and with control characters escaped, fit for a message.
    package static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(120)
        let escaped = shown.map { $0.escaped(asASCII: false) }.joined()
        return "'\(escaped)\(text.unicodeScalars.count > shown.count ? "…" : "")'"
    }
}
