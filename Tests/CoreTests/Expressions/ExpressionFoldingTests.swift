import Core
import Testing

@Suite struct ExpressionFoldingTests {
    @Test(arguments: [
        ("event == 'push' && needs.a.result == 'success'", "needs.a.result == 'success'"),
        ("event == 'tag' && needs.a.result == 'success'", "false"),
        ("needs.a.result == 'success' && event == 'tag'", "false"),
        ("event == 'push' || needs.a.result == 'success'", "true"),
        ("!(event == 'push') || failure()", "failure()"),
        ("needs.a.outputs.b == matrix.swift", "needs.a.outputs.b == '6.10'"),
        ("needs.a.outputs.b in changed_files", "needs.a.outputs.b in ['it''s', 'b']"),
        ("event in ['x', needs.a.result]", "'push' in ['x', needs.a.result]"),
        ("always()", "always()"), ("(build > 3 || changed()) && true", "build > 3 || changed()"),
    ])
    func `what is known is decided, and the rest stays`(source: String, folded: String) throws {
        let names = Names(
            context: [.event: .text("push"), .changedFiles: .texts(["it's", "b"])],
            matrix: ["swift": "6.10"]
        )
        #expect(try Expression(source).folded(with: names).source == folded)
    }

    @Test(arguments: [
        "changed_files =~ 'docs/**'", "'README.md' in changed_files",
        "contains(changed_files, 'a')", "contains(changed_files, needs.a.result)",
    ])
    func `where nobody knows what changed, everything may have`(source: String) throws {
        let names = Names(context: [.changedFiles: .texts([])], changedAnything: true)
        #expect(try Expression(source).folded(with: names).value == .flag(true))
    }

    @Test func `an output that was not set is empty, and so is a variable`() throws {
        let names = Names(variables: [:], needs: ["a": NeedOutcome(result: .success)])
        #expect(
            try Expression("needs.a.outputs.x == '' && env.X == ''").folded(with: names).value
                == .flag(true)
        )
    }

    @Test func `texts are compared by their bytes`() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed, "as strings they are equal")
        for source in [
            "'\(composed)' == '\(decomposed)'", "'\(composed)' in ['\(decomposed)']",
            "contains(['\(composed)'], '\(decomposed)')", "'\(composed)' =~ '\(decomposed)'",
        ] {
            #expect(try Expression(source).folded(with: Names()).value == .flag(false))
        }
    }

    @Test func `what is looked for is short`() throws {
        let long = String(repeating: "a", count: 1_001)
        for source in ["'a' =~ '\(long)'", "contains('a', '\(long)')", "['a', 'b'] =~ '\(long)'"] {
            let error = #expect(throws: ExpressionError.self) {
                try Expression(source).folded(with: Names())
            }
            #expect(error?.message == "what is looked for has at most 1000 bytes")
        }
    }

    @Test func `stored nonsense is an error, not a crash`() throws {
        #expect(throws: ExpressionError.self) {
            try Expression("build < event").folded(
                with: Names(context: [.build: .number(1), .event: .text("push")])
            )
        }
    }
}
