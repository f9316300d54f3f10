import Foundation
import Testing

@testable import slipway

@Suite struct OutputTests {
    @Test func `columns are as wide as their widest cell, and no line ends in spaces`() {
        var table = Table("ID", "NAME", "REMARK")
        table.add("1", "a longer name", "")
        table.add("22", Tinted("x", .green), "because")
        #expect(
            table.lines(isColoured: false) == [
                "ID  NAME           REMARK",
                "1   a longer name",
                "22  x              because",
            ]
        )
    }

    @Test func `colours change nothing about the columns`() {
        var table = Table("A", "B")
        table.add(Tinted("xx", .red), "y")
        #expect(table.lines(isColoured: true).last == "\u{1B}[31mxx\u{1B}[0m  y")
    }

    @Test func `what others wrote cannot paint the terminal`() {
        let text = Tinted("a\u{1B}[31mb\nc\u{202E}d\u{7}").text
        #expect(text == "a\u{FFFD}[31mb c\u{FFFD}d\u{FFFD}")
    }

    @Test func `colours are for terminals whose owner wants them`() {
        #expect(Output.wantsColours(isTerminal: true, environment: [:]))
        #expect(Output.wantsColours(isTerminal: true, environment: ["NO_COLOR": ""]))
        #expect(!Output.wantsColours(isTerminal: true, environment: ["NO_COLOR": "1"]))
        #expect(!Output.wantsColours(isTerminal: true, environment: ["TERM": "dumb"]))
        #expect(!Output.wantsColours(isTerminal: false, environment: [:]))
    }

    @Test(
        arguments: zip(
            [-1, 0.04, 0.44, 9.94, 9.96, 59.4, 59.6, 185, 7_800, 273_600],
            [
                "0.0 s", "0.0 s", "0.4 s", "9.9 s", "10 s", "59 s", "1 min 0 s", "3 min 5 s",
                "2 h 10 min", "3 d 4 h",
            ]
        )
    )
    func `a span is said shortly`(seconds: Double, words: String) {
        #expect(Spoken.span(seconds) == words)
    }

    @Test(
        arguments: zip(
            [-5.0, 1, 12, 200, 18_000, 200_000],
            ["just now", "just now", "12 s ago", "3 min ago", "5 h ago", "2 d ago"]
        )
    )
    func `an age is said shortly`(seconds: Double, words: String) {
        let now = Date(timeIntervalSince1970: 1_000_000)
        #expect(Spoken.age(now.addingTimeInterval(-seconds), now: now) == words)
    }

    @Test(
        arguments: zip(
            [0, 512, 1_536, 125_829_120, 5_368_709_120],
            ["0 B", "512 B", "1.5 KiB", "120 MiB", "5.0 GiB"]
        )
    )
    func `a size is said shortly`(bytes: Int, words: String) {
        #expect(Spoken.size(bytes) == words)
    }
}
