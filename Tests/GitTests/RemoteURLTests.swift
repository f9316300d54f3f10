import Git
import Testing

@Suite struct RemoteURLTests {
    @Test(arguments: [
        ("/srv/git/shop.git", RemoteURL.Transport.local(path: "/srv/git/shop.git")),
        ("/srv/with space/ü", .local(path: "/srv/with space/ü")),
        ("file:///srv/git/a%20b.git", .local(path: "/srv/git/a b.git")),
        ("file://localhost/srv/x", .local(path: "/srv/x")),
        ("https://example.org/shop.git", .https),
        ("https://token@example.org:8443/team/shop", .https),
        ("http://127.0.0.1:3000/shop.git", .http),
        ("http://localhost/shop.git", .http),
        ("http://[::1]:80/shop.git", .http),
        ("ssh://git@example.org:22/team/shop.git", .ssh),
        ("ssh://example.org/~ann/shop.git", .ssh),
        ("git@example.org:team/shop.git", .ssh),
        ("example.org:shop.git", .ssh),
    ])
    func `a good URL is taken`(text: String, transport: RemoteURL.Transport) throws {
        #expect(try RemoteURL(text).transport == transport)
    }

    @Test(arguments: [
        "", "shop", "./shop", "../shop", "-oProxyCommand=x", "--upload-pack=x:y",
        "ext::sh -c touch% /tmp/x", "git://example.org/x", "ftp://example.org/x", "HTTPS://e.org/x",
        "http://example.org/x", "http://127.0.0.1.example.org/x", "http://localhost.evil.org/x",
        "https://", "https:///x", "https://host", "https://host/", "https://-host/x",
        "https://ho st/x", "https://host:99999/x", "https://host:/x", "https://host:1x/x",
        "https://u:p@host/x", "https://-u@host/x", "https://host/a b", "https://host/a?b#c",
        "ssh://-oProxyCommand=x/y", "ssh://git@-host/x", "ssh://host/a'b", "ssh://host/$(x)",
        "ssh://host/a%27b", "ssh://host/`x`", "git@host:-x", "git@host:a;b", "-x@host:a",
        "git@host:a b", "file://host/x", "file:///a%00b", "file:///a%0Ab", "file://relative",
        "/a\nb", "/a\u{7F}b", "https://host/\u{0}", "user@host::x", "a/b:c",
    ])
    func `a bad URL is refused with a reason`(text: String) {
        let error = #expect(throws: GitError.self) { try RemoteURL(text) }
        #expect(error?.code == .refusedURL)
        #expect(error?.message.isEmpty == false)
    }
}
