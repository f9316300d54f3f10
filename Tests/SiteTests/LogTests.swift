import Core
import Foundation
import Testing

@testable import Site

@Suite struct LogTests {
    private let lines = LogLines(job: JobID(7), step: 2)

    /// The lines of a log as HTML, without what is the same for each.
    private func drawn(_ log: String) -> [String] { drawn(Array(log.utf8)) }

    private func drawn(_ bytes: [UInt8]) -> [String] {
        let list = lines.list(of: LogSlice(firstLine: 1, offset: 0, bytes: bytes))
        return list.markup.html.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /<\/a><span>(.*)<\/span><\/li>/).map { String($0.1) }
        }
    }

    @Test func `colours become classes and last until they end, over lines too`() {
        #expect(
            drawn("a\u{1B}[1;31mb\nc\u{1B}[0md\n") == [
                #"a<span class="a1 a31">b</span>"#, #"<span class="a1 a31">c</span>d"#,
            ]
        )
    }

    @Test(
        arguments: [
            ("38;5;9", "a31"), ("38;5;46", "a32"), ("38;2;10;20;250", "a34"), ("94", "a34"),
            ("38;5;226", "a33"), ("48;5;1", "a41"), ("7", "a7"), ("90", "a2"), ("4;3", "a3 a4"),
            ("38:2:255:0:255", "a35"),
        ]
    )
    func `any of a terminal's colours gets the nearest class`(codes: String, classes: String) {
        #expect(drawn("\u{1B}[\(codes)mx") == ["<span class=\"\(classes)\">x</span>"])
    }

    @Test(
        arguments: [
            "\u{1B}[Kx", "\u{1B}[2J\u{1B}[1;1Hx", "\u{1B}]0;title\u{7}x",
            "\u{1B}]8;;http://a\u{1B}\\x",
            "\u{1B}(Bx", "\u{1B}=x", "x\u{1B}", "x\u{1B}[", "x\u{1B}[31", "\u{7}x\u{8}",
            "\u{1B}[38;5mx", "\u{1B}[99999999999999999999mx",
        ]
    )
    func `other terminal sequences vanish, cut off ones too`(text: String) {
        #expect(drawn(text) == ["x"])
    }

    @Test func `of a progress bar the last state stays`() {
        #expect(
            drawn(" 10%\r 50%\r\u{1B}[32m100%\u{1B}[0m\ndone\r\n") == [
                #"<span class="a32">100%</span>"#, "done",
            ]
        )
    }

    @Test func `what is no UTF-8 is replaced and swallows nothing`() {
        #expect(
            drawn([0x61, 0xE2, 0x82, 0x0A, 0xFF, 0x3C, 0x0A, 0xC3]) == [
                "a\u{FFFD}", "\u{FFFD}&lt;", "\u{FFFD}",
            ]
        )
    }

    @Test func `control characters can be seen and tabs stay tabs`() {
        #expect(drawn("a\u{0}b\tc\u{7F}") == ["a\u{2400}b\tc\u{2421}"])
    }

    @Test func `a line too long to show says how much is left and where`() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: LogLines.lineBytesMax + 2048)
        let list = lines.list(of: LogSlice(firstLine: 9, offset: 0, bytes: long, omitted: 1 << 20))
        #expect(list.markup.html.utf8.count < LogLines.lineBytesMax + 500)
        #expect(list.markup.html.contains("… 1 MiB more in the raw log"))
        #expect(list.markup.html.contains(#"href="/api/v1/jobs/7/steps/2/log""#))
        #expect(list.next.line == 10)
        #expect(list.next.offset == long.count + 1 << 20)
    }

    @Test func `the live log goes on after the last whole line, in its colour`() {
        let list = lines.list(
            of: LogSlice(firstLine: 5, offset: 100, bytes: Array("a\u{1B}[31m\nb\u{1B}[0mc".utf8))
        )
        #expect(list.numbers == [5, 6])
        #expect(list.next.line == 6)
        #expect(list.next.offset == 107)
        #expect(list.next.style.codes == "31")
    }

    @Test(
        arguments: [
            (0, nil, []), (1, nil, [1..<2]), (1000, nil, [1..<1001]),
            (1001, nil, [1..<101, 502..<1002]), (5_000_000, 7, [7..<507]),
            (5000, 4990, [4990..<5001]), (5000, 9999, [5000..<5001]), (5000, -3, [1..<501]),
        ] as [(Int, Int?, [Range<Int>])]
    )
    func `a page loads a bounded part of a log`(count: Int, from: Int?, ranges: [Range<Int>]) {
        #expect(LogWindow.ranges(of: count, from: from) == ranges)
    }

    @Test func `what is not loaded is said, before, between and after`() {
        let slices = [
            LogSlice(firstLine: 3, offset: 20, bytes: Array("c\nd\n".utf8)),
            LogSlice(firstLine: 8, offset: 50, bytes: Array("h\n".utf8), omitted: 0),
        ]
        let drawn = slices.map { (slice: $0, list: lines.list(of: $0)) }
        #expect(
            LogHole.around(drawn, lines: 9, length: 60) == [
                LogHole(first: 1, last: 2, bytes: 20), LogHole(first: 5, last: 7, bytes: 26),
                LogHole(first: 9, last: 9, bytes: 8),
            ]
        )
    }
}
