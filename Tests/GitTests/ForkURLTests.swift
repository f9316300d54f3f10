import Testing

@testable import Git

@Suite struct ForkURLTests {
    @Test(
        arguments: [
            ("https://bitbucket.org/acme/shop.git", "https://bitbucket.org/grace/shop-fork.git"),
            ("https://bitbucket.org/acme/shop", "https://bitbucket.org/grace/shop-fork"),
            ("https://me@bitbucket.org/acme/shop", "https://me@bitbucket.org/grace/shop-fork"),
            ("git@bitbucket.org:acme/shop.git", "git@bitbucket.org:grace/shop-fork.git"),
            (
                "ssh://git@bitbucket.org:22/acme/shop.git",
                "ssh://git@bitbucket.org:22/grace/shop-fork.git"
            ),
        ]
    )
    func `a fork is on the host of its repository`(own: String, fork: String) throws {
        #expect(try RemoteURL(own).fork(named: "grace/shop-fork").text == fork)
    }

    @Test(
        arguments: [
            "", "shop", "/shop", "grace/", "grace/../shop", "../acme", "grace/.shop", "-o/shop",
            "grace/shop/more", "grace/sh op", "grace/shop\n", "grace/%2e%2e", "gräce/shop",
            "evil.example:22/shop", "grace/shop?x", "grace/shop#x", "grace@evil/shop",
        ]
    )
    func `a fork's name that leads anywhere else is refused`(name: String) throws {
        let own = try RemoteURL("https://bitbucket.org/acme/shop.git")
        #expect(throws: GitError.self) { try own.fork(named: name) }
    }

    @Test func `a repository of this machine has no fork of a forge`() throws {
        let own = try RemoteURL("/srv/git/acme/shop.git")
        #expect(throws: GitError.self) { try own.fork(named: "grace/shop") }
    }
}
