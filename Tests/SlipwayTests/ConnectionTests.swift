import Foundation
import Testing
import Wire

@testable import slipway

@Suite struct ConnectionTests {
    private let here = URL(filePath: "/")

    @Test func `each part of a path is escaped for itself`() throws {
        let server = try #require(URL(string: "http://ci:8010/slipway/"))
        let path = try APIPath("api/v1/repositories", "a/b c%ü", "builds").with("ref", "x&y=z")
        #expect(
            path.url(on: server)
                == "http://ci:8010/slipway/api/v1/repositories/a%2Fb%20c%25%C3%BC/builds?ref=x%26y%3Dz"
        )
    }

    @Test(arguments: ["", ".", ".."])
    func `a part that means another place is refused`(part: String) {
        #expect(throws: CommandError.self) { try APIPath("api/v1/repositories", part) }
    }

    @Test(
        arguments: zip(
            [
                "http://127.0.0.1:8010", "http://localhost", "http://[::1]:80", "http://127.1.2.3",
                "http://127.0.0.1.evil.example", "http://10.0.0.1", "https://ci.example",
                "http://127.evil",
            ],
            [true, true, true, true, false, false, false, false]
        )
    )
    func `loopback is told from what looks like it`(server: String, isLoopback: Bool) throws {
        #expect(Credentials.isLoopback(try #require(URL(string: server))) == isLoopback)
    }

    @Test func `the admin token of this machine is shown to this machine only`() throws {
        let folders = Folders(environment: ["XDG_STATE_HOME": "/state"])
        let read = { (file: URL) in file.path == "/state/slipway/admin-token" ? "secret\n" : nil }
        let local = try #require(URL(string: "http://127.0.0.1:8010"))
        let far = try #require(URL(string: "http://ci.example"))
        #expect(
            Credentials.find(for: local, flag: nil, folders: folders, read: read)?.token
                == "secret"
        )
        #expect(Credentials.find(for: far, flag: nil, folders: folders, read: read) == nil)
    }

    @Test func `flag, variable and file are asked in this order`() throws {
        let server = try #require(URL(string: "https://ci.example"))
        var folders = Folders(environment: ["XDG_CONFIG_HOME": "/c", "SLIPWAY_TOKEN": "variable"])
        let read = { (file: URL) in file.path == "/c/slipway/credentials" ? "file" : nil }
        func source(_ flag: String?) -> Credentials.Source? {
            Credentials.find(for: server, flag: flag, folders: folders, read: read)?.source
        }
        #expect(source("flag") == .flag)
        #expect(source(nil) == .variable)
        folders.environment["SLIPWAY_TOKEN"] = nil
        #expect(source(nil) == .file("/c/slipway/credentials"))
        #expect(source("  ") == .file("/c/slipway/credentials"))
    }

    @Test func `a credentials file has a token for each server`() throws {
        let text = "# mine\nhttps://ci.example:443 one\nhttp://127.0.0.1:8010  two\nrest\n"
        func token(_ server: String) throws -> String? {
            Credentials.token(in: text, for: try #require(URL(string: server)))
        }
        #expect(try token("https://CI.example/") == "one")
        #expect(try token("http://127.0.0.1:8010/x") == "two")
        #expect(try token("http://127.0.0.1:8011") == "rest")
    }

    @Test func `folders follow XDG, and what is not absolute is as good as none`() {
        let home = Folders(environment: ["HOME": "/home/ann", "XDG_STATE_HOME": "state"])
        #expect(home.data.path == "/home/ann/.local/state/slipway")
        #expect(home.credentials.path == "/home/ann/.config/slipway/credentials")
        #expect(
            Folders(environment: ["SLIPWAY_DATA": "/data"]).adminToken.path == "/data/admin-token"
        )
    }

    @Test func `a refusal is told in the server's words`() {
        let details = ProblemDetails(
            title: "Conflict",
            status: 409,
            detail: "production wants more",
            reasons: ["one approval is missing", "soak ends in 2 h"]
        )
        let error = Connection.refusal(
            status: 409,
            phrase: "Conflict",
            details: details,
            hasToken: true
        )
        #expect(error.status == .refused)
        #expect(
            error.message
                == "production wants more; one approval is missing; soak ends in 2 h"
        )
    }

    @Test func `who has no token is told how to give one`() {
        let error = Connection.refusal(
            status: 401,
            phrase: "Unauthorized",
            details: nil,
            hasToken: false
        )
        #expect(error.message == "the server answered 401 Unauthorized")
        #expect(error.hint?.contains("SLIPWAY_TOKEN") == true)
    }

    @Test func `only a path of the machine itself is made absolute`() {
        #expect(RepoAddCommand.absolute("https://x/y", isHere: true) == "https://x/y")
        #expect(RepoAddCommand.absolute("git@host:x.git", isHere: true) == "git@host:x.git")
        #expect(RepoAddCommand.absolute("/srv/x.git", isHere: true) == "/srv/x.git")
        #expect(RepoAddCommand.absolute("x.git", isHere: false) == "x.git")
        #expect(RepoAddCommand.absolute("../x.git", isHere: true).hasSuffix("/x.git"))
        #expect(RepoAddCommand.absolute("../x.git", isHere: true).hasPrefix("/"))
    }
}
