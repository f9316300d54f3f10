import NIOHTTP1
import TestSupport

@testable import Master

/// A person with a browser, signed in.
struct Visitor: Sendable {
    private let live: LiveMaster
    private let cookie: (String, String)
    private let csrf: String

    init(_ live: LiveMaster) async throws {
        self.live = live
        let code = live.master.access.makeSignInCode()
        let answer = try await live.exchange("GET", "/login?code=\(code)")
        guard let header = answer.headers.first(name: "set-cookie") else {
            throw NeverHappened(description: "no cookie: \(answer.status)")
        }
        cookie = ("Cookie", String(header.prefix { $0 != ";" }))
        // Every signed-in page has the form that ends the session.
        let home = try await live.exchange("GET", "/", headers: [cookie]).body
        guard let match = home.firstMatch(of: #/name="csrf" value="([0-9a-f]{64})"/#) else {
            throw NeverHappened(description: "no form on the front page")
        }
        csrf = String(match.1)
    }

    func page(_ path: String) async throws -> String {
        try await live.exchange("GET", path, headers: [cookie]).body
    }

    /// Posts a form of our own pages.
    func send(_ path: String, _ fields: String = "") async throws -> (
        status: Int, location: String?, body: String
    ) {
        let answer = try await live.exchange(
            "POST",
            path,
            headers: [cookie, ("Origin", live.url), ("Accept", "text/html")],
            body: "csrf=\(csrf)&\(fields)"
        )
        return (answer.status, answer.headers.first(name: "location"), answer.body)
    }
}
