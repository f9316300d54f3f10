import Core
import Testing

@Suite struct RepositoryURLTests {
    @Test(arguments: [
        ("https://token@forge.example/shop.git", "https://forge.example/shop.git"),
        ("https://a:b@forge.example:8443/x@y", "https://forge.example:8443/x@y"),
        ("http://token@127.0.0.1:3000/shop", "http://127.0.0.1:3000/shop"),
        ("https://forge.example/x@y.git", "https://forge.example/x@y.git"),
        ("ssh://git@forge.example/shop.git", "ssh://git@forge.example/shop.git"),
        ("git@forge.example:shop.git", "git@forge.example:shop.git"),
        ("/srv/git/a@b.git", "/srv/git/a@b.git"),
    ])
    func `what signs in to a forge is not shown`(url: String, shown: String) {
        #expect(Repository.shown(url: url) == shown)
    }
}
