import Foundation
import Testing

@testable import Site

@Suite struct EscapingTests {
    /// Text that tries to be markup, in every way known to us.
    private static let hostile =
        #"</bdi></code></title><script>alert("1")</script>" onmouseover='x' {{csrf}} &amp; <!-- "#
        + "\u{202E}\"\u{301} class=\"stolen\" '\u{301} <\u{338}b> \0 ]]>"

    private let site = Samples.site

    @Test func `whatever a text from outside holds, it changes no element and no attribute`() {
        let calm = TextEverywhere(text: "calm")
        let hostile = TextEverywhere(text: Self.hostile)
        for (calmPage, hostilePage) in zip(calm.pages, hostile.pages) {
            let expected = outline(of: site.html(calmPage, in: calm.frame))
            let html = site.html(hostilePage, in: hostile.frame)
            #expect(outline(of: html) == expected, "\(hostilePage.kind)")
            #expect(!html.utf8.contains(0))
        }
    }

    @Test func `the words of our own pages are not shown with their markup`() {
        for (name, page, frame) in Samples.pages {
            #expect(!site.html(page, in: frame).contains("&lt;"), "\(name)")
        }
    }

    @Test func `a quote is a quote even where a combining mark has joined it`() {
        #expect(Array(escaped("\"\u{301}").utf8) == Array("&quot;\u{301}".utf8))
        #expect(Array(escaped("'\u{301}<\u{338}").utf8) == Array("&#39;\u{301}&lt;\u{338}".utf8))
    }

    @Test func `text in a literal is escaped and markup is not`() {
        let inner: Markup = "<b>\("<")</b>"
        #expect("<p>\(inner)\("&")</p>" as Markup == Markup(trusted: "<p><b>&lt;</b>&amp;</p>"))
    }

    @Test func `links encode whatever a name is made of`() {
        #expect(
            Link.unit("a/../b?c#d \"<é\0").path == "/units/a%2F..%2Fb%3Fc%23d%20%22%3C%C3%A9%00"
        )
        let builds = Link.builds(repository: "x", ref: "refs/heads/a&b=c", cursor: "1 2")
        #expect(builds.path == "/repositories/x?ref=refs%2Fheads%2Fa%26b%3Dc&cursor=1%202#builds")
    }

    /// What a browser would build: each tag with the names of its attributes, text left out.
    private func outline(of html: String) -> [String] {
        var outline: [String] = []
        var rest = Array(html.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[(start + 1)...]
            var tag = ""
            var isQuoted = false
            while let byte = rest.popFirst(), isQuoted || byte != UInt8(ascii: ">") {
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if !isQuoted { tag.unicodeScalars.append(Unicode.Scalar(byte)) }
            }
            outline.append(tag)
        }
        return outline
    }
}
