import Core
import Testing

@Suite struct ReleasePathTests {
    @Test(arguments: [
        "a", "shop/web.py", "a b/c\\d", "..a/...", ".hidden", "über/ñ", "a\nb", "a/\u{301}b",
    ])
    func `an ordinary path is taken as it is`(text: String) throws {
        #expect(Array(try ReleasePath(text).text.utf8) == Array(text.utf8))
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", "a//b", "a/", ".", "..", "./a", "a/./b", "../a", "a/../../b",
        "a/..",
        "a\0b", "a/\0",
    ])
    func `a path that could lead elsewhere is refused`(text: String) {
        #expect(throws: ReleaseProblem.self) { try ReleasePath(text) }
    }

    @Test func `a combining mark does not hide a parent folder`() {
        // As characters, the slash and the mark are one, and `contains("../")` is false.
        #expect(throws: ReleaseProblem.self) { try ReleasePath("../\u{301}a") }
        #expect(throws: ReleaseProblem.self) { try ReleasePath("a/../\u{338}b") }
    }

    @Test func `length is counted in bytes`() throws {
        let folder = String(repeating: "é", count: 127) + "/"
        #expect(throws: Never.self) {
            try ReleasePath(String(repeating: folder, count: 4) + "abcd")
        }
        #expect(throws: ReleaseProblem.self) {
            try ReleasePath(String(repeating: folder, count: 4) + "abcde")
        }
        #expect(throws: ReleaseProblem.self) { try ReleasePath(String(repeating: "é", count: 128)) }
    }

    @Test func `composed and decomposed accents are different paths`() throws {
        let composed = try ReleasePath("caf\u{E9}")
        let decomposed = try ReleasePath("cafe\u{301}")
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func `paths sort by bytes`() throws {
        let sorted = try ["b", "a/b", "a-b", "a", "é", "z"].map { try ReleasePath($0) }.sorted()
        #expect(sorted.map(\.text) == ["a", "a-b", "a/b", "b", "z", "é"])
    }

    @Test func `a path knows the folders it lies in`() throws {
        let path = try ReleasePath("a/b/c")
        #expect(path.folder?.text == "a/b")
        #expect(path.folder?.folder?.text == "a")
        #expect(path.folder?.folder?.folder == nil)
        #expect(path.depth == 2)
    }
}

@Suite struct LinkTargetTests {
    @Test(arguments: [
        ("a/link", "b"), ("a/link", "../c"), ("a/b/link", "../../c/d"), ("link", "a/b"),
        ("link", "./a"), ("a/link", ".."), ("a/link", "../"),
    ])
    func `a target inside the release is taken`(path: String, target: String) throws {
        #expect(LinkTarget.fault(in: Array(target.utf8), of: try ReleasePath(path)) == nil)
    }

    @Test(arguments: [
        ("link", ".."), ("link", "../a"), ("a/link", "../../b"), ("a/link", "/etc/passwd"),
        ("a/link", ""), ("a/link", "b\0c"), ("a/b/link", "../../../c"),
        ("a/b/link", "./../../../c"),
        // Climbing after a name: the name may be a link itself, and lead anywhere.
        ("a/link", "b/../c"), ("link", "a/../.."),
    ])
    func `a target that may leave the release is refused`(path: String, target: String) throws {
        #expect(LinkTarget.fault(in: Array(target.utf8), of: try ReleasePath(path)) != nil)
    }

    @Test func `a long target is refused`() throws {
        let target = [UInt8](repeating: 0x61, count: LinkTarget.lengthMax + 1)
        #expect(LinkTarget.fault(in: target, of: try ReleasePath("a")) == LinkTarget.lengthFault)
    }
}
