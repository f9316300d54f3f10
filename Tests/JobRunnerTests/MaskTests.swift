import Foundation
import Testing

@testable import JobRunner

/// What a log shows of a secret, however it is written and however its bytes arrive.
@Suite struct MaskTests {
    static let token = "gh_s3cr3t+/token=é"
    static let key = """
        -----BEGIN KEY-----
        MIIEpAIBAAKCAQEA7yn3bRHQ5FHMQ3Jm9vEwhH0vwJQxkRmCeYv5oZxsLkqT8Gd2
        c29tZSBtb3JlIGJ5dGVzIG9mIGEga2V5IHRoYXQgbm9ib2R5IHNob3VsZCBzZWUh
        it's "quoted" \\ here/there
        -----END KEY-----

        """

    /// How tools write a secret, behind a text of any length.
    private static func spellings(of secret: String) -> [(String, String)] {
        let bytes = Data(secret.utf8)
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        var all = [("raw", secret), ("hex", hex), ("HEX", hex.uppercased())]
        for before in ["", "u", "us", "user:"] {
            let data = Data(before.utf8) + bytes
            let text = data.base64EncodedString()
            let url = text.replacing("+", with: "-").replacing("/", with: "_")
            all.append(("base64 behind '\(before)'", text))
            all.append(("base64url behind '\(before)'", url))
            for width in [60, 64, 76] {
                all.append(("base64 \(width) behind '\(before)'", wrapped(text, width, "\n")))
                all.append(
                    ("base64 \(width) CRLF behind '\(before)'", wrapped(text, width, "\r\n"))
                )
            }
        }
        all.append(("xxd -p", wrapped(hex, 60, "\n")))
        let safe = CharacterSet(charactersIn: "-._~").union(.alphanumerics.intersection(ascii))
        let percent = secret.addingPercentEncoding(withAllowedCharacters: safe) ?? ""
        all.append(("url", percent))
        all.append(("form", percent.replacing("%20", with: "+")))
        for options in [JSONEncoder.OutputFormatting.withoutEscapingSlashes, []] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = options
            let json = (try? encoder.encode(secret)).map { String(decoding: $0, as: UTF8.self) }
            all.append(("json \(options.rawValue)", json ?? ""))
        }
        return all
    }

    private static let ascii = CharacterSet(charactersIn: "\u{0}"..."\u{7F}")

    private static func wrapped(_ text: String, _ width: Int, _ end: String) -> String {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: width).map {
            String(decoding: bytes[$0..<min($0 + width, bytes.count)], as: UTF8.self)
        }.joined(separator: end)
    }

    private func shown(_ text: String, hiding secrets: [String]) -> String {
        Masks(secrets).hidden(text)
    }

    /// What is left of a text, without the stars, the ends of lines and what never depends on a
    /// secret.
    private func rest(of text: String) -> Int {
        text.utf8.count { $0 != UInt8(ascii: "*") && $0 != 0x0A && $0 != 0x0D }
    }

    @Test(arguments: [token, key])
    func `every spelling is hidden to the last letter that tells something`(secret: String) {
        for (name, spelling) in Self.spellings(of: secret) {
            let text = shown("see <\(spelling)> there", hiding: [secret])
            #expect(text.utf8.count == spelling.utf8.count + 12, "\(name)")
            #expect(text.hasPrefix("see <") && text.hasSuffix("> there"), "\(name): \(text)")
            // Before and behind the secret base64 has letters that are of its neighbours too; JSON
            // has its quotes; white space at the ends is nobody's secret. Less than four letters
            // of a piece at the end of a line are nobody's either.
            let breaks = spelling.utf8.count { $0 == 0x0A }
            let shown = rest(of: text) - 12
            #expect(shown <= 14 + (name == "raw" ? 0 : 3 * breaks), "\(name): \(text)")
        }
    }

    @Test(arguments: [token, key])
    func `a log reads the same wherever its bytes were cut`(secret: String) throws {
        let masks = Masks([secret])
        for (name, spelling) in Self.spellings(of: secret) {
            let whole = Array("a <\(spelling)> b \(spelling.prefix(20))".utf8)
            var wanted = whole
            masks.hide(in: &wanted)
            for cut in 0...whole.count {
                let held = masks.openEnd(of: Array(whole[..<cut].suffix(masks.reach)))
                let length = cut - held
                let first = read(whole[..<cut], 0..<length, masks)
                let second = read(whole[...], length..<whole.count, masks)
                guard first + second == wanted else {
                    Issue.record("\(name) cut at \(cut) of \(whole.count)")
                    break
                }
            }
        }
    }

    /// As a log is read: with what lies around the piece, as far as a secret may reach.
    private func read(_ all: ArraySlice<UInt8>, _ piece: Range<Int>, _ masks: Masks) -> [UInt8] {
        let start = max(0, piece.lowerBound - masks.reach)
        var bytes = Array(all[start..<min(all.count, piece.upperBound + masks.reach)])
        masks.hide(in: &bytes)
        return Array(bytes.dropFirst(piece.lowerBound - start).prefix(piece.count))
    }

    @Test func `what was told of a log's length stays true while it grows`() {
        let masks = Masks([Self.token, Self.key])
        for (name, spelling) in Self.spellings(of: Self.key) + Self.spellings(of: Self.token) {
            let whole = Array("x\(spelling)\r\n\(spelling)\n".utf8)
            var told = 0
            for count in 0...whole.count {
                let length =
                    count - masks.openEnd(of: Array(whole[..<count].suffix(masks.reach)))
                #expect(length >= told, "\(name) at \(count)")
                told = max(told, length)
            }
        }
    }

    @Test func `the end of a line is told at once, whatever secrets begin with`() {
        let secrets = (0..<200).map { "\($0)-" + Self.token }
        let masks = Masks(secrets)
        for line in ["Server ready\n", "waiting\n", "0\n", "a\n\n", "100 %\n", "x\r\n"] {
            #expect(masks.openEnd(of: Array(line.utf8)) == 0, "\(line)")
        }
    }

    @Test func `a file on disk is hidden while it is written`() throws {
        let path = NSTemporaryDirectory() + "mask-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        let log = try LogFile(
            path: path,
            inode: nil,
            end: nil,
            limit: 1 << 20,
            masks: Masks([Self.key])
        )
        var shown: [UInt8] = []
        for byte in "key: \(Self.key)done\n".utf8 {
            try file.write(contentsOf: [byte])
            shown += try log.read(at: shown.count, count: 1 << 20)
        }
        try log.seal()
        shown += try log.read(at: shown.count, count: 1 << 20)
        let text = String(decoding: shown, as: UTF8.self)
        #expect(text.utf8.count == Self.key.utf8.count + 10)
        #expect(text.hasPrefix("key: ****") && text.hasSuffix("****\ndone\n"), "\(text)")
        #expect(rest(of: text) == 9)
    }

    @Test func `a part of a long secret is hidden, and one line of it`() {
        let bytes = Array(Self.key.utf8)
        let part = String(decoding: bytes[20..<160], as: UTF8.self)
        #expect(rest(of: shown(part, hiding: [Self.key])) < 64 + 64)
        let line = Self.key.split(separator: "\n")[1]
        #expect(rest(of: shown("\(line)", hiding: [Self.key])) == 0)
    }

    @Test func `short lines of a secret hide nothing else`() {
        let secret = "-\nyes\nthe-only-line-that-counts\n-\n"
        #expect(shown("- yes - no", hiding: [secret]) == "- yes - no")
        #expect(shown("the-only-line-that-counts", hiding: [secret]).allSatisfy { $0 == "*" })
    }

    @Test func `what cannot be hidden hides nothing`() {
        #expect(Masks(["", "a", "abc", " \n "]).isEmpty)
        #expect(!SecretSpellings.isHideable("abc\n") && SecretSpellings.isHideable("abcd"))
    }

    @Test(arguments: [1, 50, 1_000])
    func `texts found by many patterns are those found one by one`(seed: Int) {
        var random = Numbers(state: UInt64(seed))
        let patterns = Set(
            (0..<200).map { _ in
                (0..<Int.random(in: 4...9, using: &random)).map { _ in
                    UInt8.random(in: 0x61...0x63, using: &random)
                }
            }
        )
        let text = (0..<2_000).map { _ in UInt8.random(in: 0x61...0x64, using: &random) }
        let found = text.withUnsafeBytes { PatternSet(patterns).places(in: $0) }
        var wanted: Set<Range<Int>> = []
        for place in text.indices {
            for pattern in patterns where text[place...].starts(with: pattern) {
                wanted.insert(place..<(place + pattern.count))
            }
        }
        #expect(Set(found) == wanted && found.count == wanted.count)
        for count in 0..<text.count {
            let end = text[..<count].withUnsafeBytes {
                PatternSet(patterns.filter { $0.count > 5 }).openEnd(of: $0)
            }
            let known = (0...min(8, count)).last { length in
                length == 0
                    || patterns.contains {
                        $0.count > max(5, length) && $0.starts(with: text[(count - length)..<count])
                    }
            }
            #expect(end == known)
            if count > 60 { break }
        }
    }

    @Test func `secrets of a size that no log could be searched for are refused`() {
        let long = String(repeating: "x", count: 256 << 10)
        #expect(throws: JobRunnerError.self) { try SecretValues(["a": long, "b": "y"]) }
        #expect(throws: Never.self) { try SecretValues(["a": long]) }
    }

    @Test func `what holds secrets shows none`() throws {
        let values = try SecretValues(["word": Self.token])
        var dumped = ""
        dump(values, to: &dumped)
        #expect(!dumped.contains("gh_") && !"\(values)".contains("gh_"))
    }
}

private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
