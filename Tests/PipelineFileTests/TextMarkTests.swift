import Core
import Testing

@testable import PipelineFile

/// A text's bytes are found where they were written, whatever became of those before them.
@Suite struct TextMarkTests {
    @Test(arguments: [
        "a: one Q two", "a: 'it''s Q'", "a: \"tab\\t\\u2603\\x41Q\"", "a: \"☃☃ Q\"",
        "a: one\n  two\n\n  three Q", "a: 'one\n  two ''\n\n\n  three Q'",
        "a: \"one \\\n  two\n  three\\\n\n  Q\"", "a: |\n  one\n  Q", "a: |-\n    one\n\n    two Q",
        "a: |2\n    deep\n  Q\n", "a: >\n  one\n  two\n\n  three Q",
        "a: >\n  one\n    deep\n    deeper\n  Q\n", "a: >\n\n\n  one\n\n\n    deep\n\n  Q\n",
        "a: &name Q", "a: &name\n  'it''s Q'", "a: &name |\n  one\n  Q", "a: |\r\n  one\r\n  Q\r\n",
        "a: \"one\r\n  two Q\"", "a: >+ # words\n  one\n  Q\n\n", "a: [x, \"\\\"Q\\\"\"]",
    ])
    func `a byte is found in every style`(file: String) throws {
        #expect(try check(file))
    }

    @Test(arguments: 0..<4)
    func `a byte is found in texts that nobody thought of`(part: UInt64) throws {
        var random = SplitMix64(state: part)
        var checked = 0
        for _ in 0..<1_000 where try check(anyText(&random)) { checked += 1 }
        // The others are not YAML, or hold no text with the letter in it.
        #expect(checked > 300)
    }

    @Test func `an alias leads to the text it stands for`() throws {
        let text = try SourceText(Array("a: &x 'it''s Q'\nb: *x\n".utf8))
        var composer = try YAMLComposer(text)
        guard case .mapping(let pairs)? = try composer.document()?.content else {
            Issue.record("no mapping")
            return
        }
        #expect(
            pairs.map { text.textMark(of: $0.value) }
                == Array(repeating: Mark(line: 1, column: 8), count: 2)
        )
    }

    /// The letter Q stands once in the file, and once in one of its texts.
    private func check(_ file: String) throws -> Bool {
        guard let text = try? SourceText(Array(file.utf8)),
            var composer = try? YAMLComposer(text), let root = try? composer.document(),
            let node = root.texts.first(where: { $0.text.contains("Q") })
        else { return false }
        let place = try #require(text.bytes.firstIndex(of: UInt8(ascii: "Q")))
        let offset = try #require(node.text.firstOffset(of: "Q"))
        let mark = text.textMark(of: node).advanced(by: offset, in: node.text)
        #expect(mark == text.mark(ofByte: place), "\(file.debugDescription)")
        return true
    }

    private func anyText(_ random: inout SplitMix64) -> String {
        let pieces = [
            "a", "b c", " ", "  ", "\n  ", "\n\n  ", "\n    ", "☃", "é", "''", "\\t", "\\u2603",
            "\\\n  ", "\\x41", "\\\"", "#", "${{", "\r\n  ", "\t", "\n   \n  ",
        ]
        var text = ""
        let place = Int.random(in: 0..<8, using: &random)
        for index in 0..<Int.random(in: place + 1...12, using: &random) {
            if index == place { text += "Q" }
            text += pieces.randomElement(using: &random) ?? ""
        }
        let frames = [
            ("a: ", ""), ("a: '", "'"), ("a: \"", "\""), ("a: |\n  ", "\n"), ("a: >\n  ", "\n"),
            ("a: |-\n  ", ""), ("a: >+\n  ", "\n\n"), ("a: &n ", ""), ("a: &n\n  \"", "\" # x"),
            ("a: [x, '", "', y]"), ("a: [", "]"),
        ]
        let frame = frames.randomElement(using: &random) ?? ("", "")
        return frame.0 + text + frame.1
    }
}

extension YAMLNode {
    fileprivate var text: String {
        if case .scalar(let text, _) = content { text } else { "" }
    }

    /// Itself and every text in it.
    fileprivate var texts: [YAMLNode] {
        switch content {
        case .scalar: [self]
        case .sequence(let items): items.flatMap(\.texts)
        case .mapping(let pairs): pairs.flatMap(\.value.texts)
        }
    }
}
