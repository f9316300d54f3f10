import Core
import Testing

@Suite struct PublishedVersionTests {
    @Test(arguments: [
        ("v1.2.0", 0, "1.2.0"), ("1.2.0", 0, "1.2.0"), ("v1.2.9", 3, "1.2.10-dev.7"),
        ("v01.2.3", 0, "1.2.3"), (nil, 4, "0.0.1-dev.7"), ("nightly", 0, "0.0.1-dev.7"),
        ("v1.2", 0, "0.0.1-dev.7"), ("v1.2.3.4", 0, "0.0.1-dev.7"), ("v1..3", 0, "0.0.1-dev.7"),
        ("v1.2.x", 0, "0.0.1-dev.7"), ("v1.2.-3", 0, "0.0.1-dev.7"),
        ("v1.2.9999999999", 1, "0.0.1-dev.7"), ("vv1.2.3", 0, "0.0.1-dev.7"),
        ("v1.2.٣", 0, "0.0.1-dev.7"),
    ])
    func `Git's history gives the version`(tag: String?, distance: Int, version: String) {
        let sha = String(repeating: "a", count: 40)
        #expect(semanticVersion(tag: tag, distance: distance, build: 7, sha: sha) == version)
        #expect(ReleaseVersion.isValid(version))
    }
}
