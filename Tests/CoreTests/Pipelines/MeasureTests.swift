import Core
import Testing

@Suite struct MeasureTests {
    @Test(
        arguments: [
            ("30s", 30), ("10m", 600), ("2h", 7_200), ("7d", 604_800), ("1s", 1),
            ("30d", 2_592_000),
            ("90s", 90), ("0s", nil), ("31d", nil), ("30", nil), ("s", nil), ("", nil),
            ("1.5h", nil),
            ("-1s", nil), ("1 s", nil), ("1S", nil), ("99999999999999999999s", nil),
            ("999999999999999999d", nil), ("٣s", nil),
        ] as [(String, Int?)]
    )
    func `a duration is a whole number and its unit`(text: String, seconds: Int?) {
        #expect(TimeSpan(written: text)?.seconds == seconds)
    }

    @Test(
        arguments: [
            ("512MiB", 536_870_912), ("8GiB", 8_589_934_592), ("1KiB", 1_024), ("1TiB", 1 << 40),
            ("1000TiB", 1_000 << 40), ("1001TiB", nil), ("0MiB", nil), ("8GB", nil), ("8", nil),
            ("8gib", nil), ("", nil), ("99999999999999999TiB", nil),
        ] as [(String, Int?)]
    )
    func `a size is a whole number and its unit`(text: String, bytes: Int?) {
        #expect(ByteSize(written: text)?.bytes == bytes)
    }

    @Test func `both are shown as they would be written`() {
        #expect(
            ["90s", "2m", "3h", "7d"].map { TimeSpan(written: $0)?.description } == [
                "90s", "2m", "3h", "7d",
            ]
        )
        #expect(TimeSpan.seconds(86_400).description == "1d")
        #expect(ByteSize(bytes: 3 << 29).description == "1536MiB")
    }
}
