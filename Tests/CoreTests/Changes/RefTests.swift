import Core
import Testing

@Suite struct RefTests {
    @Test func `short names are those people use`() {
        #expect(Ref.short("refs/heads/main") == "main")
        #expect(Ref.short("refs/heads/feature/x") == "feature/x")
        #expect(Ref.short("refs/tags/v1") == "v1")
        #expect(Ref.short("refs/notes/commits") == "refs/notes/commits")
        #expect(Ref.branch("refs/tags/v1") == nil)
        #expect(Ref.tag("refs/heads/main") == nil)
        #expect(Ref.branch("xrefs/heads/main") == nil)
    }

    @Test func `only forty lower-case digits are a commit`() {
        let sha = "0123456789abcdef0123456789abcdef01234567"
        #expect(Ref.isSHA(sha))
        #expect(!Ref.isSHA(String(sha.dropLast())))
        #expect(!Ref.isSHA(sha + "0"))
        #expect(!Ref.isSHA(sha.uppercased()))
        #expect(!Ref.isSHA(String(repeating: "g", count: 40)))
        #expect(!Ref.isSHA(String(repeating: "é", count: 20)))
    }

    @Test func `every new, moved and deleted ref is a move, in the order of names`() {
        let moves = RefMoves.between(
            ["refs/heads/a": "1", "refs/heads/c": "1", "refs/heads/same": "1"],
            and: ["refs/heads/b": "2", "refs/heads/c": "2", "refs/heads/same": "1"]
        )
        #expect(
            moves == [
                RefMoves.Move(ref: "refs/heads/a", before: "1", after: nil),
                RefMoves.Move(ref: "refs/heads/b", before: nil, after: "2"),
                RefMoves.Move(ref: "refs/heads/c", before: "1", after: "2"),
            ]
        )
    }

    @Test func `nothing moved, nothing to do`() {
        #expect(RefMoves.between([:], and: [:]) == [])
        #expect(RefMoves.between(["refs/heads/a": "1"], and: ["refs/heads/a": "1"]) == [])
    }

    @Test(arguments: [
        ("shop", true), ("Shop-2_x.y", true), ("0", true),
        (String(repeating: "a", count: 63), true),
        (String(repeating: "a", count: 64), false), ("", false), (".hidden", false),
        ("-flag", false), ("_x", false), ("a/b", false), ("..", false), ("a b", false),
        ("a\0", false), ("caf\u{E9}", false), ("e\u{301}", false), ("a\n", false), ("ａ", false),
    ])
    func `a name is plain bytes`(name: String, isValid: Bool) {
        #expect(Name.isValid(name) == isValid)
    }
}
