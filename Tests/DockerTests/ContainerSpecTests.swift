import Docker
import Testing

@Suite struct ContainerSpecTests {
    @Test(
        "a reference is taken as registries define it",
        arguments: [
            "busybox", "busybox:1", "debian:bookworm-slim", "ghcr.io/a/b-c/d__e:v1.2-x",
            "localhost:5000/x:1", "Example.com/x", "x@sha256:" + String(repeating: "a", count: 64),
            "sha256:" + String(repeating: "0", count: 64), "localhost/x",
        ]
    )
    func accepted(reference: String) throws {
        #expect(try ImageReference(reference).text == reference)
    }

    @Test(
        "what is not a reference never reaches a command line",
        arguments: [
            "", "-v", "--privileged", "Busybox", "a b", "a\n", "a:", "a/", "/a", "a//b", "a:b:c",
            "a..b", "../a", "a@sha256:zz", "a@md5:0", "a;b", "a$b", "ä", "a\u{0}b", "K\u{212A}",
            "host:x/a", String(repeating: "a", count: 256),
        ]
    )
    func refused(reference: String) {
        #expect(throws: DockerError.self) { try ImageReference(reference) }
    }
}
