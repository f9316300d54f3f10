import Core
import Testing

@Suite struct ReleaseManifestTests {
    private static let one = ContentDigest.prefix + String(repeating: "1", count: 64)

    private func entry(_ path: String, size: Int = 1, mode: EntryMode = .file) throws
        -> ReleaseEntry
    {
        ReleaseEntry(
            path: try ReleasePath(path),
            digest: try #require(ContentDigest(Self.one)),
            size: size,
            mode: mode
        )
    }

    private func manifest(_ paths: [String]) throws -> ReleaseManifest {
        try ReleaseManifest(unit: "shop", version: "1.0", entries: try paths.map { try entry($0) })
    }

    @Test func `the bytes are canonical, whatever the order of the entries`() throws {
        let digits = String(repeating: "1", count: 64)
        let expected =
            #"{"entries":{"a":["\#(digits)",1,420],"a-b/c\\\"":["\#(digits)",0,493],"#
            + #""b\u0001\n":["\#(digits)",9,40960]},"unit":"shop","v":1,"version":"1.0"}"#
        let entries = [
            try entry("b\u{1}\n", size: 9, mode: .link), try entry("a"),
            try entry(#"a-b/c\""#, size: 0, mode: .executable),
        ]
        let manifest = try ReleaseManifest(unit: "shop", version: "1.0", entries: entries)
        #expect(String(decoding: manifest.canonicalBytes, as: UTF8.self) == expected)
        #expect(manifest.byteCount == 10)
    }

    @Test func `a path stands once`() throws {
        #expect(throws: ReleaseProblem("'a/b' stands twice")) {
            try manifest(["a/b", "c", "a/b"])
        }
        #expect(throws: Never.self) { try manifest(["caf\u{E9}", "cafe\u{301}"]) }
    }

    @Test func `a file is not a folder as well`() throws {
        let problem = ReleaseProblem("'a/b' is a file and also the folder of another file")
        #expect(throws: problem) { try manifest(["a/b/c/d", "a/b"]) }
        #expect(throws: problem) { try manifest(["a/b", "a/b-c", "a/b.c", "a/b/c"]) }
        #expect(throws: Never.self) { try manifest(["a/b", "a/bc", "ab/c"]) }
    }

    @Test func `a release has files, and not too many`() throws {
        #expect(throws: ReleaseProblem.self) { try manifest([]) }
        let one = try entry("a")
        let many = Array(repeating: one, count: ReleaseManifest.entriesMax + 1)
        #expect(throws: ReleaseProblem("the release has 100001 files; 100000 is the limit")) {
            try ReleaseManifest(unit: "shop", version: "1", entries: many)
        }
    }

    @Test(arguments: [-1, ReleaseEntry.sizeMax + 1, .max])
    func `an impossible size is refused`(size: Int) throws {
        let odd = try entry("a", size: size)
        #expect(throws: ReleaseProblem.self) {
            try ReleaseManifest(unit: "shop", version: "1", entries: [odd])
        }
    }

    @Test(arguments: [
        "", "-1", "1/2", "1 2", "sha256:00", "v\u{E9}", "1\n", String(repeating: "1", count: 129),
    ])
    func `a version that would not fit in an address is refused`(version: String) throws {
        #expect(!ReleaseVersion.isValid(version))
        let one = try entry("a")
        #expect(throws: ReleaseProblem.self) {
            try ReleaseManifest(unit: "shop", version: version, entries: [one])
        }
    }

    @Test(arguments: ["1", "4.17.2", "2026.11.22-rc.1+linux", "main_5d20e9f"])
    func `an ordinary version is taken`(version: String) {
        #expect(ReleaseVersion.isValid(version))
    }

    @Test func `a unit needs a name`() throws {
        let one = try entry("a")
        #expect(throws: ReleaseProblem.self) {
            try ReleaseManifest(unit: "../shop", version: "1", entries: [one])
        }
    }
}

@Suite struct ContentDigestTests {
    @Test func `a digest is the same in all its forms`() throws {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let digest = try #require(ContentDigest(hex))
        #expect(digest.hex == hex)
        #expect(digest.description == "sha256:\(hex)")
        #expect(ContentDigest("sha256:\(hex)") == digest)
        #expect(ContentDigest(bytes: digest.bytes) == digest)
        #expect(digest.bytes.prefix(3) == [0xE3, 0xB0, 0xC4])
    }

    @Test(arguments: [
        "", "sha256:", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "A", count: 64), String(repeating: "é", count: 32),
        "md5:" + String(repeating: "0", count: 64),
    ])
    func `anything else is no digest`(text: String) {
        #expect(ContentDigest(text) == nil)
    }

    @Test func `a digest has 32 bytes`() {
        #expect(ContentDigest(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        #expect(ContentDigest(bytes: [UInt8](repeating: 0, count: 32)) == .zero)
    }
}
