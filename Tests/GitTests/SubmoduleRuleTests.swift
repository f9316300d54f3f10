import Foundation
import Git
import Testing

/// Where submodules may come from, and what `.gitmodules` of strangers may say.
@Suite struct SubmoduleRuleTests {
    private let scratch: Scratch
    private let origin: TestRepository
    private let mirror: Mirror

    init() throws {
        scratch = try Scratch()
        origin = try scratch.repository()
        mirror = try Mirror(at: scratch.path("mirror.git"))
    }

    private static let sha = String(repeating: "a1", count: 20)

    /// Commits a file of modules beside submodules at these paths, and reads them.
    private func read(_ modules: String, at paths: [String] = ["sub"]) async throws
        -> [SubmoduleLink]
    {
        try origin.write(modules, to: ".gitmodules")
        try origin.git("add", "-A")
        for path in paths {
            try origin.git("update-index", "--add", "--cacheinfo", "160000,\(Self.sha),\(path)")
        }
        return try await commitAndRead()
    }

    private func commitAndRead() async throws -> [SubmoduleLink] {
        try origin.git("commit", "-q", "-m", "Add modules")
        let sha = try origin.head()
        _ = try await mirror.fetch(RemoteURL(origin.folder))
        return try await mirror.read { try $0.submodules(of: sha) }
    }

    private func refusal(of modules: String, at paths: [String] = ["sub"]) async throws -> String {
        let error = await #expect(throws: SubmoduleError.self) {
            try await read(modules, at: paths)
        }
        #expect(error?.code == .refused)
        return error?.message ?? ""
    }

    private func entry(_ name: String = "sub", path: String = "sub", url: String = "../lib")
        -> String
    {
        "[submodule \"\(name)\"]\n\tpath = \(path)\n\turl = \(url)\n"
    }

    // MARK: The file

    @Test func `a file is read as git itself reads it`() async throws {
        let modules = #"""
            # Comments; and blanks
            [core] path = other
            [SubModule "lib \"one\" \x"] ; beside a head
              Path = deep/one # beside a value
            	URL="../a b;c.git"   ; quoted
            [submodule "two"] path = two
              url = https://host/\
            two.git
              branch
              update = rebase
            [submodule "two"]
              url = ssh://git@host/last.git
            [submodule "gone"] path = gone
            """#
        let links = try await read(modules.replacing("\n", with: "\r\n"), at: ["deep/one", "two"])
        let keys = links.flatMap { ["submodule.\($0.name).path", "submodule.\($0.name).url"] }
        let told = try keys.map { key in
            try origin.git("config", "--file", ".gitmodules", "--get", key)
                .trimmingCharacters(in: .newlines)
        }
        #expect(told == links.flatMap { [$0.path, $0.url] })
        #expect(links.map(\.name) == ["lib \"one\" x", "two"])
        #expect(links.map(\.sha) == [Self.sha, Self.sha])
    }

    @Test func `a commit without submodules has none, whatever its file says`() async throws {
        #expect(try await read("[broken", at: []).isEmpty)
    }

    @Test func `what a clone leaves out is left out`() async throws {
        let links = try await read(
            entry() + "update = none\n" + entry("two", path: "two"),
            at: ["sub", "two"]
        )
        #expect(links.map(\.path) == ["two"])
    }

    @Test(arguments: [
        "[submodule \"sub\"\n", "[submodule \"sub\n\"]", "[submodule sub]",
        "[submodule \"sub\"]\n= x",
        "[submodule \"sub\"]\npath = \"sub\nurl = x", "[submodule \"sub\"]\npath = a\\qb",
        "[submodule \"sub\"]\npath: sub",
    ])
    func `a file that is no configuration is refused with the line`(modules: String) async throws {
        #expect(try await refusal(of: modules).utf8.starts(with: ".gitmodules:".utf8))
    }

    // MARK: Names and paths

    @Test(arguments: [
        "..", "../x", "a/../../x", ".", "a//b", "/etc", ".git", "x/.git/hooks", ".GIT", ".git.",
        "git~1", ".g\u{200C}it", ".git::$INDEX_ALLOCATION", "-u", "a\\b", "a\\tb",
        "x/",
        String(repeating: "n", count: 600),
    ])
    func `a name that leads elsewhere is refused`(name: String) async throws {
        let quoted = name.replacing("\\", with: "\\\\")
        let message = try await refusal(of: entry(quoted))
        #expect(message.contains("'sub'"), "\(message)")
    }

    @Test func `names and paths inside each other are refused`() async throws {
        let names = entry("lib") + entry("lib/modules/x", path: "two")
        #expect(try await refusal(of: names, at: ["sub", "two"]).contains("inside each other"))
    }

    @Test(arguments: ["..", ".git", ".", "-x", "a\u{1}"])
    func `a path that leads elsewhere is refused, also in a list that a master sent`(path: String)
        async throws
    {
        #expect(throws: SubmoduleError.self) {
            try SubmoduleTree([Submodule(path: path, name: "n", url: "x", sha: Self.sha)])
        }
        #expect(throws: SubmoduleError.self) {
            try SubmoduleTree([
                Submodule(path: "a", name: "n", url: "x", sha: Self.sha),
                Submodule(path: "b/\(path)", name: "n", url: "x", sha: Self.sha, parent: 0),
            ])
        }
        // git's own commands write no such tree; others do.
        let blob = try origin.git("hash-object", "-w", "--stdin", input: Data(entry().utf8))
            .trimmingCharacters(in: .newlines)
        let tree = try origin.git(
            "mktree",
            "--missing",
            input: Data(
                "100644 blob \(blob)\t.gitmodules\n160000 commit \(Self.sha)\t\(path)\n".utf8
            )
        ).trimmingCharacters(in: .newlines)
        let commit = try origin.git("commit-tree", "-m", "x", tree)
        try origin.git("update-ref", "refs/heads/main", commit.trimmingCharacters(in: .newlines))
        let sha = try origin.head("main")
        _ = try await mirror.fetch(RemoteURL(origin.folder))
        await #expect(throws: SubmoduleError.self) {
            try await mirror.read { try $0.submodules(of: sha) }
        }
    }

    @Test func `an entry must be there, once, a plain file, with a URL and no command`()
        async throws
    {
        #expect(try await refusal(of: "").contains("no entry"))
        #expect(try await refusal(of: entry() + entry("two")).contains("more than one"))
        #expect(try await refusal(of: "[submodule \"sub\"]\npath = sub\n").contains("no url"))
        #expect(try await refusal(of: entry() + "update = !rm -rf /\n").contains("command"))
        let huge = entry() + String(repeating: "# x\n", count: 20_000)
        #expect(try await refusal(of: huge).contains("bytes"))
        try FileManager.default.removeItem(atPath: origin.folder + "/.gitmodules")
        try FileManager.default.createSymbolicLink(
            atPath: origin.folder + "/.gitmodules",
            withDestinationPath: "README"
        )
        try origin.git("add", ".gitmodules")
        let error = await #expect(throws: SubmoduleError.self) { try await commitAndRead() }
        #expect(error?.message.contains("plain file") == true)
    }

    @Test func `more submodules than anybody needs are refused`() async throws {
        let paths = (0...SubmoduleTree.countMax).map { "m\($0)" }
        let modules = paths.map { entry($0, path: $0) }.joined()
        #expect(try await refusal(of: modules, at: paths).contains("more than 50"))
    }

    // MARK: URLs

    /// A submodule's URL, the repository's, and what comes of both: nil is refused.
    struct Case: Sendable, CustomTestStringConvertible {
        var url: String
        var parent: String
        var result: String?

        init(_ url: String, _ parent: String, _ result: String?) {
            self.url = url
            self.parent = parent
            self.result = result
        }

        var testDescription: String { "\(url) in \(parent)" }
    }

    private static let forge = "https://t0ken@git.example/team/shop.git"

    @Test(arguments: [
        Case("../lib.git", "/srv/git/shop.git", "/srv/git/lib.git"),
        Case("../lib.git/", "file:///srv/git/shop.git/", "/srv/git/lib.git"),
        Case("../lib.git", forge, "https://t0ken@git.example/team/lib.git"),
        Case("../../libs/a.git", forge, "https://t0ken@git.example/libs/a.git"),
        Case("./a.git", forge, "https://t0ken@git.example/team/shop.git/a.git"),
        Case("https://git.example/x.git", forge, "https://t0ken@git.example/x.git"),
        Case("https://GIT.example/x.git", forge, "https://t0ken@git.example/x.git"),
        Case("https://me@git.example/x.git", forge, "https://me@git.example/x.git"),
        Case("https://git.example:8443/x.git", forge, "https://git.example:8443/x.git"),
        Case("https://git.example.evil/x.git", forge, "https://git.example.evil/x.git"),
        Case("https://other/x.git", forge, "https://other/x.git"),
        Case("ssh://git@other/x.git", forge, "ssh://git@other/x.git"),
        Case("git@other:x.git", forge, "git@other:x.git"),
        Case("../lib.git", "git@host:team/shop.git", "git@host:team/lib.git"),
        Case("../lib.git", "git@host:shop.git", "git@host:lib.git"),
        Case("../lib.git", "ssh://git@host:22/a/shop.git", "ssh://git@host:22/a/lib.git"),
        Case("../lib.git", "http://127.0.0.1:80/a/shop.git", "http://127.0.0.1:80/a/lib.git"),
        // Above the host, out of the folder, into the repository itself.
        Case("../../../evil.example/x.git", forge, nil),
        Case("../../lib.git", "git@host:shop.git", nil),
        Case("../../lib.git", "/srv/git/shop.git", nil),
        Case("../sub/lib.git", "/srv/git/shop.git", nil),
        Case("./lib.git", "/srv/git/shop.git", nil),
        Case("../a/../../etc", "/srv/git/shop.git", nil),
        Case("../.", "/srv/git/shop.git", nil),
        Case("../lib", "/shop.git", nil),
        Case("../lib", "/home/ann/shop/.git", nil),
        Case("../%2e%2e/x", "file:///srv/git/shop.git", nil),
        // Paths of the server and services on it.
        Case("/srv/git/lib.git", "/srv/git/shop.git", nil),
        Case("file:///srv/git/lib.git", "/srv/git/shop.git", nil),
        Case("/etc", forge, nil),
        Case("http://127.0.0.1:8010/x.git", forge, nil),
        Case("http://localhost:80/x.git", "http://127.0.0.1:80/a/shop.git", nil),
        Case("http://host/x.git", forge, nil),
        // Commands and options.
        Case("ext::sh -c id", forge, nil), Case("-u./x", forge, nil),
        Case("--upload-pack=touch x", forge, nil), Case("git://host/x.git", forge, nil),
        Case("ssh://-oProxyCommand=id/x", forge, nil), Case("git@-oProxyCommand=id:x", forge, nil),
        Case("ssh://host/$(id)", forge, nil), Case("https://u:p@host/x", forge, nil),
        Case("fd::17", forge, nil), Case("", forge, nil), Case("https://host\u{0}/x", forge, nil),
    ])
    func `a URL is where git would look, or refused`(example: Case) throws {
        let parent = try RemoteURL(example.parent)
        let link = SubmoduleLink(path: "sub", name: "sub", url: example.url, sha: Self.sha)
        let sources = SubmoduleSources(known: [])
        guard let result = example.result else {
            let error = #expect(throws: SubmoduleError.self) {
                try sources.source(of: link, in: parent)
            }
            #expect(error?.message.contains("'sub'") == true)
            #expect(error?.message.contains("t0ken") == false, "\(error?.message ?? "")")
            return
        }
        #expect(try sources.source(of: link, in: parent) == .other(RemoteURL(result)))
    }

    @Test func `a repository that was added is taken wherever it is named`() throws {
        let known = [
            (name: "lib", url: try RemoteURL("/srv/other/lib.git")),
            (name: "forge", url: try RemoteURL("https://key@git.example/a/b.git")),
        ]
        let sources = SubmoduleSources(known: known, allowed: [])
        let parent = try RemoteURL("/srv/git/shop.git")
        for (url, name) in [
            ("file:///srv/other/lib", "lib"), ("/srv/other/lib.git/", "lib"),
            ("https://GIT.example/a/b", "forge"), ("https://x@git.example/a/b.git/", "forge"),
        ] {
            let link = SubmoduleLink(path: "sub", name: "sub", url: url, sha: Self.sha)
            let source = try sources.source(of: link, in: parent)
            #expect(source == .repository(name, try #require(known.first { $0.name == name }?.url)))
        }
    }

    @Test func `a stranger's pull request gets only what its target has`() throws {
        let parent = try RemoteURL(Self.forge)
        let allowed = Set([try RemoteURL("https://git.example/team/lib.git").canonical])
        let sources = SubmoduleSources(known: [], allowed: allowed)
        let same = SubmoduleLink(path: "s", name: "s", url: "../lib", sha: Self.sha)
        #expect(throws: Never.self) { try sources.source(of: same, in: parent) }
        for url in ["../secret.git", "https://git.example/team/secret.git", "git@host:lib.git"] {
            let link = SubmoduleLink(path: "s", name: "s", url: url, sha: Self.sha)
            let error = #expect(throws: SubmoduleError.self) {
                try sources.source(of: link, in: parent)
            }
            #expect(error?.message.contains("from outside") == true)
        }
    }
}
