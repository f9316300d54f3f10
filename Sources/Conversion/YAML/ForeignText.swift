/// A foreign file that has been read as YAML, with the comments that YAML leaves out.
struct ForeignText {
    let documents: [YAMLNode]
    private let lines: [ArraySlice<UInt8>]

    init(_ bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= foreignBytesMax else {
            throw Fault("has \(bytes.count) bytes; the limit is 256 KiB", at: .start)
        }
        var composer = try YAMLComposer(bytes)
        documents = try composer.documents()
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    /// Whether some line has a text in it.
    func mentions(_ text: String) -> Bool {
        lines.contains { String(decoding: $0, as: UTF8.self).hasPart(text) }
    }

    /// The comment lines directly above a place, without `#`.
    ///
    /// A line that is indented further than the place may be part of a script, and is left.
    func comments(above mark: Mark) -> [String] {
        var comments: [String] = []
        var line = mark.line - 2
        while line >= 0, line < lines.count, comments.count < Self.commentLinesMax {
            let indentation = lines[line].prefix { $0 == UInt8(ascii: " ") }.count
            let rest = lines[line].dropFirst(indentation)
            guard rest.first == UInt8(ascii: "#"), indentation < mark.column else { break }
            comments.append(Self.words(rest))
            line -= 1
        }
        return comments.reversed()
    }

    private static func words(_ line: ArraySlice<UInt8>) -> String {
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        return shown(text.without(start: " ") ?? text, lengthMax: commentColumnsMax)
    }

    private static let commentLinesMax = 40
    private static let commentColumnsMax = 300
}
