import Core
import Foundation
import Testing

@testable import Site

@Suite struct WordsTests {
    @Test(
        arguments: [
            (0, "0s"), (0.0004, "0s"), (0.04, "40ms"), (0.0994, "99ms"), (0.0996, "0.1s"),
            (0.84, "0.8s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (64, "1m 04s"),
            (212, "3m 32s"), (3599.9, "1h 00m"), (55_620, "15h 27m"), (187_200, "2d 4h"),
            (-5, "0s"),
            (.infinity, "11574d 1h"),
        ]
    )
    func `a length of time has at most two units`(seconds: Double, words: String) {
        #expect(spelled(seconds) == words)
    }

    @Test func `steps are told apart by tenths`() {
        #expect(spelled(41.74, isFine: true) == "41.7s")
        #expect(spelled(60, isFine: true) == "1m 00s")
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z", "Thu 1 Jan 1970, 00:00:00 UTC"),
            (1_763_645_548, "2025-11-20T13:32:28Z", "Thu 20 Nov 2025, 13:32:28 UTC"),
            (951_782_400, "2000-02-29T00:00:00Z", "Tue 29 Feb 2000, 00:00:00 UTC"),
            (-1, "1969-12-31T23:59:59Z", "Wed 31 Dec 1969, 23:59:59 UTC"),
        ]
    )
    func `a moment is read from the calendar`(seconds: Double, iso: String, full: String) {
        let civil = CivilTime(Date(timeIntervalSince1970: seconds))
        #expect(civil.iso8601 == iso)
        #expect(civil.full == full)
    }

    @Test(arguments: [
        (10, "13:32:18"), (90_000, "Wed 12:32"), (10 * 86_400, "10 Nov 13:32"),
        (400 * 86_400, "16 Oct 2024"),
    ])
    func `a moment says as much as is needed`(secondsAgo: Double, words: String) {
        let markup = Markup.time(Samples.ago(secondsAgo), .when, now: Samples.now)
        #expect(markup.html.contains(">\(words)</time>"))
    }

    @Test func `sizes and counts are for people`() {
        #expect(sized(1023) == "1023 B")
        #expect(sized(397_000) == "388 KiB")
        #expect(sized(4_300_000) == "4.1 MiB")
        #expect(sized(1 << 31) == "2 GiB")
        #expect(grouped(4_812_000) == "4,812,000")
        #expect(count(1, "job") == "1 job")
        #expect(count(1000, "job") == "1,000 jobs")
    }

    @Test func `a commit without a message has words of ours`() {
        #expect(subject(of: "\n  \nbody") == "(no commit message)")
        #expect(subject(of: "\r\n Title \nbody") == "Title")
    }

    @Test func `a red build says which step failed and what it kept from running`() {
        let says = Samples.failedBuild.says(now: Samples.now).html
        #expect(
            says == """
                Step <b><bdi>integration</bdi></b> of <b><bdi>test</bdi></b> failed, exit 1. \
                <b><bdi>package</bdi></b> and <b><bdi>publish</bdi></b> did not run because of it.
                """
        )
    }

    @Test func `the hull lies at the furthest channel that points at the release`() {
        let channels = ["1", "2", "1"].map { ChannelGlance(name: $0, version: $0) }
        let way = Way(
            unit: "u",
            release: ReleaseGlance(version: "2", publishedAt: Samples.now),
            channels: channels
        )
        let stations = Stations(.finished(.success), on: way)
        #expect(stations.release == .passed)
        #expect(stations.channels == [.passed, .at, .ahead])
        #expect(Stations(.finished(.failure), on: way).build == .at)
        #expect(Stations(.running, on: nil).build == .at)
    }

    @Test(
        arguments: [
            ("2", ["3", "1"], "3"), ("3", ["2"], nil), (nil, ["1"], "1"), ("2", ["9"], nil),
            ("9", ["2"], "2"),
        ] as [(String?, [String], String?)]
    )
    func `only a newer release comes next`(here: String?, candidates: [String], next: String?) {
        let channel = ChannelColumn(
            name: "staging",
            revision: 1,
            version: here,
            candidates: candidates
        )
        #expect(channel.next(in: ["3", "2", "1"]) == next)
    }
}
