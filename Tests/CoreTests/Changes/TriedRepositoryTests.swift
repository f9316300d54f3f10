import Core
import Testing

@Suite struct TriedRepositoryTests {
    private let known = [
        (name: "shop", url: "https://git.example.org/acme/shop.git"),
        (name: "site", url: "/srv/git/site.git"),
        (name: "twin", url: "ssh://git@git.example.org:2222/acme/twin"),
        (name: "twins", url: "https://git.example.org/acme/twin.git"),
        (name: "here", url: "/home/ada/here"),
    ]

    @Test(
        arguments: [
            ("git@git.example.org:acme/shop.git", "shop"),
            ("https://ada@git.example.org/acme/shop", "shop"),
            ("ssh://git@git.example.org:22/acme/shop.git/", "shop"),
            ("file:///srv/git/site.git", "site"),
            ("/srv/git/site", "site"),
        ]
    )
    func `one repository is known by every way to write its address`(
        remote: String,
        name: String
    ) {
        #expect(triedRepository(in: "/tmp/x", remotes: [remote], among: known) == name)
    }

    @Test func `the folder itself may be what the server reads`() {
        #expect(triedRepository(in: "/home/ada/here", remotes: [], among: known) == "here")
    }

    @Test(
        arguments: [
            "https://git.example.org/acme/twin", "https://other.example.org/acme/shop.git",
            "git@git.example.org:other/shop.git", "", ":", "https://",
        ]
    )
    func `none or several is nobody's guess`(remote: String) {
        #expect(triedRepository(in: "/tmp/x", remotes: [remote], among: known) == nil)
    }
}
