/// A file of the tree, read once.
struct SourceFile: Sendable {
    /// From the root, such as `Sources/Core/Name.swift`.
    let path: String
    let lines: [Substring]
    /// The same lines without comments and without what stands inside string literals.
    let code: [String]
    /// What stands inside string literals, by line from 1.
    let literals: [(line: Int, text: String)]

    /// The folder below Sources or Tests.
    var room: String { String(path.split(separator: "/")[1]) }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var scanner = Scanner(text)
        scanner.scan()
        code = scanner.code.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        literals = scanner.literals
    }

    /// The lines of code a pattern is found in, as `path:line: text`.
    func places(of pattern: some RegexComponent) -> [String] {
        zip(code, lines).enumerated().compactMap { index, pair in
            pair.0.firstMatch(of: pattern.regex) == nil
                ? nil : "\(path):\(index + 1): \(pair.1.drop { $0 == " " })"
        }
    }
}

/// Takes Swift apart into code and literals, as far as these tests need it.
///
/// Code inside an interpolation counts as code. Regex literals are not known: they hold no quotes
/// here.
private struct Scanner {
    private(set) var code = ""
    private(set) var literals: [(line: Int, text: String)] = []
    private let text: [Character]
    private var at = 0
    private var line = 1

    init(_ text: String) { self.text = Array(text) }

    mutating func scan() {
        while at < text.count { scanCode(until: nil) }
    }

    /// Reads code, up to the parenthesis that ends an interpolation if that is what it is in.
    private mutating func scanCode(until end: Character?) {
        var depth = 0
        while at < text.count {
            if starts("//") {
                while at < text.count, text[at] != "\n" { at += 1 }
            } else if starts("/*") {
                while at < text.count, !starts("*/") {
                    if text[at] == "\n" { take() } else { at += 1 }
                }
                at += 2
            } else if starts("\"") || starts("#\"") || starts("##\"") {
                scanLiteral()
            } else {
                if end != nil {
                    if text[at] == "(" { depth += 1 }
                    if text[at] == end {
                        if depth == 0 { return }
                        depth -= 1
                    }
                }
                take()
            }
        }
    }

    private mutating func scanLiteral() {
        let begin = line
        var hashes = ""
        while text[at] == "#" {
            hashes += "#"
            at += 1
        }
        let quote = starts("\"\"\"") ? "\"\"\"" : "\""
        at += quote.count
        var body = ""
        while at < text.count, !starts(quote + hashes) {
            if starts("\\" + hashes + "(") {
                at += 2 + hashes.count
                scanCode(until: ")")
                at += 1
                body += "…"
            } else if hashes.isEmpty, text[at] == "\\" {
                at += 2
            } else {
                if text[at] == "\n" { take() } else { at += 1 }
                body.append(text[at - 1])
            }
        }
        at += quote.count + hashes.count
        code += "\"\""
        literals.append((begin, body))
    }

    private mutating func take() {
        code.append(text[at])
        if text[at] == "\n" { line += 1 }
        at += 1
    }

    private func starts(_ word: String) -> Bool {
        at + word.count <= text.count && zip(text[at...], word).allSatisfy(==)
    }
}
