import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@testable import Master

@Suite struct SignInTests {
    /// Signs in with the one-time link and returns the cookie and the form token of a page.
    private func session(_ live: LiveMaster) async throws -> (cookie: String, csrf: String) {
        let code = live.master.access.makeSignInCode()
        let answer = try await live.exchange("GET", "/login?code=\(code)")
        #expect(answer.status == 303)
        let header = try #require(answer.headers.first(name: "set-cookie"))
        let cookie = String(header.prefix { $0 != ";" })
        let page = try await live.exchange("GET", "/", headers: [("Cookie", cookie)])
        let match = try #require(page.body.firstMatch(of: #/name="csrf" value="([0-9a-f]{64})"/#))
        return (cookie, String(match.1))
    }

    @Test func `the sign-in link works once`() async throws {
        try await withMaster { live in
            let code = live.master.access.makeSignInCode()
            let first = try await live.exchange("GET", "/login?code=\(code)")
            #expect(first.status == 303)
            let cookie = try #require(first.headers.first(name: "set-cookie"))
            #expect(cookie.contains("HttpOnly"))
            #expect(cookie.contains("SameSite=Lax"))
            let second = try await live.exchange("GET", "/login?code=\(code)")
            #expect(second.status == 403)
            #expect(second.headers.first(name: "set-cookie") == nil)
            #expect(second.body.contains("used already"))
            let wrong = try await live.exchange("GET", "/login?code=0000")
            #expect(wrong.status == 403)
        }
    }

    @Test func `a token signs a person in, a worker's does not, and next stays on this server`()
        async throws
    {
        try await withMaster { live in
            let worker = try await live.api(.worker).token ?? ""
            let refused = try await live.exchange("POST", "/login", body: "token=\(worker)")
            #expect(refused.status == 401)
            let token = live.admin.token ?? ""
            for (next, place) in [
                ("%2Fqueue", "/queue"), ("https%3A%2F%2Fevil.example", "/"),
                ("%2F%2Fevil.example", "/"), ("%2F%5Cevil.example", "/"),
                ("%252F%252Fevil.example", "/"), ("%2Fa%0D%0AX-Evil%3A1", "/"),
            ] {
                let answer = try await live.exchange(
                    "POST",
                    "/login",
                    body: "token=\(token)&next=\(next)"
                )
                #expect(answer.status == 303)
                #expect(answer.headers.first(name: "location") == place, "\(next)")
            }
        }
    }

    @Test func `a form needs its page's token, and a page of this server`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let id = try #require(try await live.build(in: repository).id.int)
            let (cookie, csrf) = try await session(live)
            let path = "/builds/\(id)/cancellation"
            let cases: [([(String, String)], String)] = [
                ([], ""), ([], "csrf=" + String(repeating: "0", count: 64)),
                ([("Origin", "https://evil.example")], "csrf=\(csrf)"),
                ([("Origin", "null")], "csrf=\(csrf)"),
                ([("Sec-Fetch-Site", "cross-site")], "csrf=\(csrf)"),
                ([("Sec-Fetch-Site", "same-site")], "csrf=\(csrf)"),
            ]
            for (headers, body) in cases {
                let answer = try await live.exchange(
                    "POST",
                    path,
                    headers: [("Cookie", cookie)] + headers,
                    body: body
                )
                #expect(answer.status == 403, "\(headers)")
            }
            #expect(try await live.admin.json("/api/v1/builds/\(id)").cancelled_by == .null)
            let answer = try await live.exchange(
                "POST",
                path,
                headers: [("Cookie", cookie), ("Origin", live.url)],
                body: "csrf=\(csrf)"
            )
            #expect(answer.status == 303)
            #expect(answer.headers.first(name: "location") == "/builds/\(id)")
            let build = try await live.admin.json("/api/v1/builds/\(id)")
            #expect(build.cancelled_by.string == "admin")
        }
    }

    /// Another port of the same host is the same site: its cookies travel along.
    @Test func `a browser's session calls the API only from pages of this server`() async throws {
        try await withMaster { live in
            let (cookie, _) = try await session(live)
            let body = #"{"name":"mallory","kind":"admin"}"#
            for headers in [
                [("Origin", "http://127.0.0.1:1")], [("Sec-Fetch-Site", "same-site")],
            ] {
                let answer = try await live.exchange(
                    "POST",
                    "/api/v1/tokens",
                    headers: [("Cookie", cookie)] + headers,
                    body: body
                )
                #expect(answer.status == 403)
            }
            let own = try await live.exchange(
                "POST",
                "/api/v1/tokens",
                headers: [("Cookie", cookie), ("Origin", live.url)],
                body: body
            )
            #expect(own.status == 201)
        }
    }

    @Test func `signing out ends the session on the server too`() async throws {
        try await withMaster(host: "0.0.0.0") { live in
            let code = live.master.access.makeSignInCode()
            let answer = try await live.exchange("GET", "/login?code=\(code)")
            let header = try #require(answer.headers.first(name: "set-cookie"))
            let cookie = ("Cookie", String(header.prefix { $0 != ";" }))
            let page = try await live.exchange("GET", "/queue", headers: [cookie])
            #expect(page.status == 200)
            let match = try #require(
                page.body.firstMatch(of: #/name="csrf" value="([0-9a-f]{64})"/#)
            )
            _ = try await live.exchange(
                "POST",
                "/logout",
                headers: [cookie],
                body: "csrf=\(match.1)"
            )
            #expect(try await live.exchange("GET", "/queue", headers: [cookie]).status == 401)
        }
    }
}
