import Core
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("main", "main", true), ("main", "maine", false), ("main", "mai", false), ("", "", true),
        ("", "a", false), ("*", "", true), ("*", "feature", true), ("*", "feature/x", false),
        ("feature/*", "feature/x", true), ("feature/*", "feature/x/y", false),
        ("feature/**", "feature/x/y", true), ("feature/**", "feature/", true),
        ("feature/**", "feature", false), ("**", "a/b/c", true), ("**", "", true),
        ("**/*.py", "shop.py", true), ("**/*.py", "a/b/shop.py", true),
        ("**/*.py", "a/b/shop.pyc", false), ("**/x", "ax", false), ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "a/b", false), ("**/**/x", "x", true), ("**/**/x", "a/x", true),
        ("**/**/x", "b/a/x", true), ("v?.?", "v1.2", true), ("v?", "v/", false),
        ("?", "é", false), ("??", "é", true), ("[a]", "a", false), ("[a]", "[a]", true),
        ("\\*", "*", false), ("a.c", "abc", false), ("*a*b*c*", "xxaxxbxxcxx", true),
        ("*a*b*c*", "xxaxxcxxbxx", false), ("***", "a/b", true),
    ])
    func `a pattern matches`(pattern: String, name: String, isMatch: Bool) {
        #expect(Glob(pattern).matches(name) == isMatch)
    }

    @Test func `names that only look the same do not match`() {
        // One code point, and a letter with a combining accent: equal as text, not as bytes.
        #expect("caf\u{E9}" == "cafe\u{301}")
        #expect(!Glob("caf\u{E9}").matches("cafe\u{301}"))
    }

    /// Backtracking would need longer than the universe has for most of these.
    @Test(arguments: [
        (String(repeating: "*a", count: 60) + "b", String(repeating: "a", count: 600)),
        (String(repeating: "**a", count: 60) + "b", String(repeating: "a", count: 600)),
        (String(repeating: "*", count: 5_000) + "b", String(repeating: "a", count: 600)),
        (String(repeating: "**/", count: 300) + "b", String(repeating: "a/", count: 300)),
        (String(repeating: "?*", count: 60) + "b", String(repeating: "a", count: 600)),
    ])
    func `a hostile pattern costs no more than its length times the name's`(
        pattern: String,
        name: String
    ) {
        #expect(!Glob(pattern).matches(name))
    }

    // MARK: Lists

    @Test(arguments: [
        ([], "main", true), (["main"], "main", true), (["main"], "dev", false),
        (["!main"], "main", false), (["!main"], "dev", true), (["**", "!wip/**"], "wip/x", false),
        (["**", "!wip/**"], "dev", true), (["!wip/**", "wip/keep"], "wip/keep", true),
        (["**", "!wip/**", "wip/keep"], "wip/keep", true),
        (["**", "!wip/**", "wip/keep"], "wip/other", false),
        (["docs/**", "!**/*.md"], "src", false),
    ])
    func `later patterns take away what earlier ones gave`(
        patterns: [String],
        name: String,
        isIn: Bool
    ) {
        #expect(GlobList(patterns).admits(name) == isIn)
    }
}
