import Core
import Foundation
import Testing

@Suite struct TemplateTests {
    private static let names = Names(
        context: [
            .semver: .text("1.2.3"), .build: .number(7), .branch: .text("${{ build }}"),
            .changedFiles: .texts(["a", "b"]),
        ]
    )

    @Test(arguments: [
        ("${{ semver }}", "1.2.3"), ("${{semver}}", "1.2.3"), ("${{  semver\n}}", "1.2.3"),
        ("v${{ semver }}-${{ build }}", "v1.2.3-7"), ("plain", "plain"), ("", ""),
        ("}}$", "}}$"), ("$${{ build }}}", "$7}"), ("${{ '}}' }}", "}}"), ("{{ x }}", "{{ x }}"),
        ("${ {x} }", "${ {x} }"), ("${{ build == 7 }}", "true"), ("${{ 2.50 }}", "2.5"),
        ("${{ changed_files }}", "a\nb"), ("é${{ build }}é", "é7é"),
    ])
    func `values are put in`(source: String, text: String) throws {
        #expect(try Template(source).text(with: Self.names) == text)
    }

    @Test(arguments: [
        ("${{ semver", "'}}' is missing", 10..<10),
        ("${{ }}", "there is no expression here", 4..<6),
        ("a ${{ b c }}", "this does not belong here", 8..<9),
        ("${{", "something is missing here", 3..<3),
        ("${{ '}}", "this text has no end", 4..<7),
    ])
    func `what cannot be read says where`(source: String, message: String, range: Range<Int>) {
        let error = #expect(throws: ExpressionError.self) { try Template(source) }
        #expect(error?.message == message)
        #expect(error?.range == range)
    }

    @Test
    func `a value that looks like a place for a value stays as it is, however often it is stored`()
        throws
    {
        let template = Template("${{ branch }}-${{ needs.test.outputs.v }}")
        let planned = try template.folded(with: Self.names)
        let stored = try JSONDecoder().decode(
            Template.self,
            from: JSONEncoder().encode(planned)
        )
        #expect(stored == planned)
        let late = Names(
            context: [.build: .number(9)],
            needs: ["test": NeedOutcome(result: .success, outputs: ["v": "${{ x }}"])]
        )
        #expect(try stored.text(with: late) == "${{ build }}-${{ x }}")
    }

    @Test func `what is not known yet is left open, and the rest is frozen with it`() throws {
        let template = Template(
            "${{ build }}-${{ hash('a', 'b') }}-${{ branch == 'x' || env.A == '' }}"
        )
        let planned = try template.folded(with: Self.names)
        #expect(planned.source == "7-${{ hash('a', 'b') }}-${{ env.A == '' }}")
        #expect(planned.constant == nil)
        #expect(planned.hashes == [["a", "b"]])
        let error = #expect(throws: ExpressionError.self) { try planned.text(with: Self.names) }
        #expect(error?.message == "\"hash('a', 'b')\" is not known")
        let late = Names(variables: [:], hashes: [["a", "b"]: "cafe"])
        #expect(try planned.text(with: late) == "7-cafe-true")
    }

    @Test func `a constant is itself, whatever it looks like`() throws {
        for text in ["", "a", "${{ build }}", "${{", "a'${{'"] {
            let template = Template(constant: text)
            #expect(template.constant == text)
            #expect(try Template(template.source).text(with: Self.names) == text)
        }
    }

    @Test func `values do not grow without end`() throws {
        let names = Names(context: [.message: .text(String(repeating: "a", count: 40_000))])
        _ = try Template("${{ message }}").text(with: names)
        #expect(throws: ExpressionError.self) {
            try Template("${{ message }}${{ message }}").text(with: names)
        }
        let open = try Expression("contains(message, 'a') || message == env.A")
        #expect(try open.folded(with: names).value == .flag(true))
    }
}
