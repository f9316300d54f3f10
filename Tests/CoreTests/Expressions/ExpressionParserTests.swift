import Core
import Testing

@Suite struct ExpressionParserTests {
    private func root(_ source: String) throws -> ExpressionNode { try Expression(source).root }

    @Test(arguments: [
        ("a || b && c", "a || (b && c)"), ("a && b || c", "(a && b) || c"),
        ("!a == b", "(!a) == b"), ("a == b && c != d", "(a == b) && (c != d)"),
        ("a || b || c", "a||b||c"), ("((a))", "a"), ("!!a", "!(!a)"),
        ("a in ['x', 'y'] || b", "(a in ['x','y']) || b"), ("a =~ 'x' && !b", "(a =~ 'x') && (!b)"),
        ("  a\n\t&& b ", "a && b"), ("a['b'].c", "a.b.c"), ("a.in", "a['in']"), ("a.6", "a['6']"),
        ("f.x<1", "f.x < 1"), ("1>=-2.50", "1 >= -2.5"), ("-0", "0"),
    ])
    func `operators bind as in other languages, and space means nothing`(
        one: String,
        other: String
    ) throws {
        #expect(try root(one) == root(other))
    }

    @Test(arguments: [
        ("a && b || c", "a || b && c"), ("(a && b) && c", "a && b && c"), ("a.b", "a['b.c']"),
        ("'6.10'", "6.10"), ("!(a == b)", "!a == b"), ("['a']", "'a'"), ("'a''b'", "'a' && 'b'"),
    ])
    func `what means something else is another tree`(one: String, other: String) throws {
        #expect(try root(one) != root(other))
    }

    @Test(arguments: [
        ("'it''s'", "it's"), ("''", ""), ("''''", "'"), ("'a\nb'", "a\nb"),
        ("'${{ x }}'", "${{ x }}"),
        ("'}}'", "}}"), ("'\u{1F600}'", "\u{1F600}"),
    ])
    func `a text ends at its quote, and two quotes are one`(source: String, text: String) throws {
        #expect(try Expression(source).value == .text(text))
    }

    struct Refusal: Sendable {
        var source: String
        var message: String
        var range: Range<Int>
        var hint: String?

        init(_ source: String, _ message: String, _ range: Range<Int>, _ hint: String? = nil) {
            self.source = source
            self.message = message
            self.range = range
            self.hint = hint
        }
    }

    private static let refusals = [
        Refusal("", "there is no expression here", 0..<0),
        Refusal("a ==", "something is missing here", 4..<4),
        Refusal(
            "a = b",
            "this means nothing in an expression",
            2..<3,
            "write == to compare"
        ),
        Refusal("a & b", "this means nothing in an expression", 2..<3, "write &&"),
        Refusal("a | b", "this means nothing in an expression", 2..<3, "write ||"),
        Refusal(
            "a == \"b\"",
            "this means nothing in an expression",
            5..<6,
            "a text stands between ' quotes"
        ),
        Refusal("é", "this means nothing in an expression", 0..<2),
        Refusal(
            "a == 'b",
            "this text has no end",
            5..<7,
            "close it with ', and write a quote inside it twice"
        ),
        Refusal("(a", "')' is missing", 2..<2),
        Refusal("['a'", "']' is missing", 4..<4),
        Refusal(
            "a b",
            "this does not belong here",
            2..<3,
            "an operator may be missing before it"
        ),
        Refusal(
            "a == b == c",
            "a second comparison",
            7..<9,
            "join two comparisons with &&"
        ),
        Refusal(
            "&& a",
            "this does not belong here",
            0..<2,
            "a name, a text, a number or a call is missing before it"
        ),
        Refusal(
            "sucess()",
            "no function is called 'sucess'",
            0..<6,
            "did you mean 'success'?"
        ),
        Refusal("success(1)", "success() takes nothing", 0..<10),
        Refusal("contains('a')", "contains() takes two arguments", 0..<13),
        Refusal(
            "hash(branch)",
            "hash() takes patterns written out",
            5..<11,
            "such as hash('Package.swift', 'Sources/**')"
        ),
        Refusal("hash()", "hash() takes 1 to 16 patterns", 0..<6),
        Refusal("a.", "a name is missing behind the dot", 1..<2),
        Refusal("a.b.c.d.e", "no name has so many parts", 0..<9),
        Refusal(
            "6.10.1",
            "this is not a number",
            0..<4,
            "a number is written like 7, -1 or 2.5; a text stands between ' quotes"
        ),
        Refusal(
            "1234567890123456",
            "this is not a number",
            0..<16,
            "a number is written like 7, -1 or 2.5; a text stands between ' quotes"
        ),
        Refusal(
            " ${{ a }}",
            "an expression stands here without '${{ }}'",
            1..<4,
            "take the braces away"
        ),
        Refusal("a }}", "this does not belong here", 2..<4, "an operator may be missing before it"),
    ]

    @Test(arguments: refusals)
    func `what cannot be read says where and why`(refusal: Refusal) {
        let error = #expect(throws: ExpressionError.self) { try Expression(refusal.source) }
        #expect(error?.message == refusal.message)
        #expect(error?.range == refusal.range)
        #expect(error?.hint == refusal.hint)
    }

    @Test func `an expression is neither too long nor too deep`() throws {
        let long = String(repeating: "a && ", count: 819) + "a"
        #expect(long.utf8.count == 4_096)
        _ = try Expression(long)
        #expect(throws: ExpressionError.self) { try Expression(long + " && bcde") }
        for (open, close) in [("(", ")"), ("!", ""), ("[", "]"), ("contains('a', ", ")")] {
            let deep =
                String(repeating: open, count: 32) + "'a'" + String(repeating: close, count: 32)
            _ = try Expression(deep)
            let error = #expect(throws: ExpressionError.self) {
                try Expression(open + deep + close)
            }
            #expect(error?.message == "an expression is at most 32 levels deep")
        }
    }

    @Test func `an error is shown with a caret under its place`() throws {
        let source = "branch == 'é' &&\n\tevnt = 'push'"
        let error = #expect(throws: ExpressionError.self) { try Expression(source) }
        #expect(
            error?.rendered(in: source) == """
                this means nothing in an expression (write == to compare)
                   evnt = 'push'
                        ^
                """
        )
    }

    @Test func `an error becomes a problem of its file, counted in scalars`() throws {
        let mark = Mark(line: 7, column: 9)
        let error = #expect(throws: ExpressionError.self) { try Expression("'é' & b", at: mark) }
        let problem = error?.problem(in: "'é' & b", at: mark, of: "pipelines/a.yml")
        #expect(
            problem?.description
                == "pipelines/a.yml:7:13: this means nothing in an expression (write &&)"
        )
        #expect(mark.advanced(by: 5, in: "a\nbcde") == Mark(line: 8, column: 4))
    }
}
