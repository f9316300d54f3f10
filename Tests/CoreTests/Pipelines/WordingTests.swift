import Core
import Testing

@Suite struct WordingTests {
    @Test(arguments: [
        ("main", "'main'"), ("it's", "\"it's\""), ("a\u{1B}[31mb", "'a\u{FFFD}[31mb'"),
        ("a\nb", "'a\u{FFFD}b'"), ("\u{202E}x", "'\u{FFFD}x'"),
        (String(repeating: "a", count: 61), "'" + String(repeating: "a", count: 60) + "…'"),
    ])
    func `a text in a message is short, on one line and harmless`(text: String, shown: String) {
        #expect(quoted(text) == shown)
    }

    @Test(
        arguments: [
            (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), ([], ""),
        ] as [([String], String)]
    )
    func `a list reads like a sentence`(words: [String], text: String) {
        #expect(words.listed == text)
    }

    @Test(
        arguments: [
            ("tset", "test"), ("TEST", "test"), ("short-sha", "short_sha"), ("deploy", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func `the nearest word is near`(word: String, expected: String?) {
        #expect(nearest(to: word, among: ["lint", "test", "short_sha"]) == expected)
    }

    @Test(
        arguments: [
            ("debian:bookworm-slim", ImageSource.reference("debian:bookworm-slim")),
            ("ghcr.io/a/b@sha256:00", .reference("ghcr.io/a/b@sha256:00")),
            ("./containers/swift", .folder("swift")), ("./containers/a/b", nil),
            ("./containers/..", nil), ("-v", nil), ("", nil), ("a b", nil), ("é", nil),
            ("a\0", nil), (String(repeating: "a", count: 513), nil),
        ] as [(String, ImageSource?)]
    )
    func `an image is a reference or a folder of the repository`(text: String, image: ImageSource?)
    {
        #expect(ImageSource(written: text) == image)
    }

    @Test(
        arguments: [
            ("dist/app", nil), (".", nil), ("a..b", nil), ("", "is empty"),
            ("/a", "is not relative"),
            ("a/../b", "leaves the workspace"), ("..", "leaves the workspace"),
            ("..\u{301}/a", nil), ("a\0b", "has a control character"),
        ] as [(String, String?)]
    )
    func `a path stays below the workspace`(text: String, complaint: String?) {
        #expect(WorkspacePath.complaint(text) == complaint)
    }
}
