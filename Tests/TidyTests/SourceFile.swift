/// A file of the tree, read once.
struct SourceFile: Sendable {
    /// From the root, such as `Sources/Core/Name.swift`.
    let path: String
    let text: String
    /// The same text without comments and without what stands inside string literals.
    let code: String
    /// The code with its comments.
    let outline: String
    /// What stands inside string literals, each with its line from 1.
    let literals: [(line: Int, text: String)]

    /// The folder below Sources or Tests.
    var room: String { String(path.split(separator: "/")[1]) }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    init(path: String, text: String) {
        self.path = path
        self.text = text
        var scanner = Scanner(text)
        scanner.scan()
        code = String(decoding: scanner.code, as: UTF8.self)
        outline = String(decoding: scanner.outline, as: UTF8.self)
        literals = scanner.literals
    }

    /// The lines of code a pattern is found in, from 1.
    func numbers(of pattern: some RegexComponent) -> [Int] {
        code.matches(of: pattern.regex).map { match in
            1 + code.utf8[..<match.range.upperBound].count { $0 == UInt8(ascii: "\n") }
        }
    }

    /// The same, as `path:line: text`.
    func places(of pattern: some RegexComponent) -> [String] {
        numbers(of: pattern).map { line in
            "\(path):\(line): \(lines[line - 1].drop { $0 == " " })"
        }
    }
}

/// Takes Swift apart into code and literals, as far as these tests need it.
///
/// Code inside an interpolation counts as code. Regex literals are not known: they hold no quotes
/// here. Works on bytes, because these tests read the whole tree.
private struct Scanner {
    private(set) var code: [UInt8] = []
    private(set) var outline: [UInt8] = []
    private(set) var literals: [(line: Int, text: String)] = []
    private let text: [UInt8]
    private var at = 0
    private var line = 1

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")
    private static let escape = UInt8(ascii: "\\")
    private static let open = UInt8(ascii: "(")
    private static let close = UInt8(ascii: ")")

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func scan() {
        while at < text.count { scanCode(isInterpolation: false) }
    }

    /// Reads code, up to the parenthesis that ends an interpolation if that is what it is in.
    private mutating func scanCode(isInterpolation: Bool) {
        var depth = 0
        while at < text.count {
            switch (text[at], byte(after: 1)) {
            case (Self.slash, Self.slash):
                while at < text.count, text[at] != Self.newline {
                    outline.append(text[at])
                    at += 1
                }
            case (Self.slash, Self.star):
                skipBlockComment()
            case (Self.quote, _), (Self.hash, Self.quote), (Self.hash, Self.hash):
                scanLiteral()
            case (Self.close, _) where isInterpolation && depth == 0:
                return
            case (let other, _):
                if other == Self.open { depth += 1 }
                if other == Self.close { depth -= 1 }
                take()
            }
        }
    }

    private mutating func skipBlockComment() {
        while at < text.count, !(text[at] == Self.star && byte(after: 1) == Self.slash) {
            if text[at] == Self.newline { take() } else { at += 1 }
        }
        at += 2
    }

    private mutating func scanLiteral() {
        let begin = line
        var hashes = 0
        while byte(after: 0) == Self.hash {
            hashes += 1
            at += 1
        }
        let isLong = byte(after: 1) == Self.quote && byte(after: 2) == Self.quote
        let quotes = isLong ? 3 : 1
        at += quotes
        var body: [UInt8] = []
        while at < text.count, !isEnd(quotes: quotes, hashes: hashes) {
            if text[at] == Self.escape, isRun(of: Self.hash, count: hashes, after: 1) {
                at += 1 + hashes
                // A line that goes on in the next one is still two lines.
                if byte(after: 0) == Self.newline {
                    take()
                    continue
                }
                if byte(after: 0) == Self.open {
                    at += 1
                    scanCode(isInterpolation: true)
                }
            } else {
                body.append(text[at])
                if text[at] == Self.newline {
                    take()
                    continue
                }
            }
            at += 1
        }
        at += quotes + hashes
        code += [Self.quote, Self.quote]
        outline += [Self.quote, Self.quote]
        literals.append((begin, String(decoding: body, as: UTF8.self)))
    }

    private func isEnd(quotes: Int, hashes: Int) -> Bool {
        isRun(of: Self.quote, count: quotes, after: 0)
            && isRun(of: Self.hash, count: hashes, after: quotes)
    }

    private func isRun(of wanted: UInt8, count: Int, after distance: Int) -> Bool {
        (0..<count).allSatisfy { byte(after: distance + $0) == wanted }
    }

    private func byte(after distance: Int) -> UInt8? {
        at + distance < text.count ? text[at + distance] : nil
    }

    private mutating func take() {
        code.append(text[at])
        outline.append(text[at])
        if text[at] == Self.newline { line += 1 }
        at += 1
    }
}
