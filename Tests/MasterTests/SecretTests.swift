import Core
import Foundation
import TestSupport
import Testing
import Wire

/// Secrets as administrators see them, over real HTTP.
@Suite struct SecretTests {
    private let value = "hunter2-hunter2"

    @Test func `a secret is set, listed, replaced and removed, and never told`() async throws {
        try await withMaster { live in
            let made = try await live.admin.put("/api/v1/secrets/key", ["value": .string(value)])
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json.name == "key" && made.json.repository == .null)
            #expect(made.json.set_by == "admin" && made.json.warning == .null)
            let again = try await live.admin.put(
                "/api/v1/secrets/key",
                ["value": "seven-7", "branches": ["main"], "events": ["push", "manual"]]
            )
            #expect(again.status == 200)
            #expect(again.json.warning.string?.contains("less than 8 bytes") == true)
            let listed = try await live.admin.get("/api/v1/secrets")
            #expect(listed.json.items.elements.count == 1)
            #expect(listed.json.items[0].branches == ["main"])
            #expect(listed.json.items[0].events == ["push", "manual"])
            #expect(listed.json.items[0].last_used_at == .null)
            for answer in [made, again, listed] {
                #expect(!answer.text.contains("hunter2") && !answer.text.contains("seven-7"))
            }
            #expect(try await live.admin.delete("/api/v1/secrets/key").status == 204)
            #expect(try await live.admin.delete("/api/v1/secrets/key").status == 404)
            let deeds = try await live.admin.get("/api/v1/secret-deeds?limit=2")
            #expect(deeds.json.items.elements.map(\.kind) == ["removed", "set"])
            let cursor = deeds.json.next_cursor.string ?? ""
            let older = try await live.admin.json("/api/v1/secret-deeds?limit=2&cursor=\(cursor)")
            #expect(older.items.elements.map(\.actor) == ["admin"])
            #expect(older.next_cursor == .null)
        }
    }

    @Test func `a repository has its own`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let own = "/api/v1/repositories/shop/secrets"
            for path in ["\(own)/key", "\(own)/other", "/api/v1/secrets/key"] {
                #expect(try await live.admin.put(path, ["value": .string(value)]).status == 201)
            }
            let all = try await live.admin.json("/api/v1/secrets").items.elements
            #expect(all.map(\.repository) == [.null, "shop", "shop"])
            let mine = try await live.admin.json(own).items.elements
            #expect(mine.map(\.name) == ["key", "other"])
            #expect(try await live.admin.delete("\(own)/key").status == 204)
            #expect(try await live.admin.json("/api/v1/secrets").items.elements.count == 2)
            let lost = try await live.admin.put(
                "/api/v1/repositories/none/secrets/key",
                ["value": .string(value)]
            )
            #expect(lost.status == 404)
        }
    }

    private struct Mistake: Sendable {
        var name = "key"
        var body: JSON
        var words: String
    }

    private static let mistakes: [Mistake] = [
        Mistake(body: ["value": "abc"], words: "cannot be hidden in logs"),
        Mistake(
            body: ["value": .string(String(repeating: "x", count: 49_153))],
            words: "may have 49152 bytes"
        ),
        Mistake(body: ["value": "abc\u{0}defg"], words: "NUL byte"),
        Mistake(body: [:], words: "`value` is missing"),
        Mistake(body: ["value": 1], words: "`value`"),
        Mistake(body: ["value": "abcdefgh", "events": ["pushed"]], words: "cannot be read"),
        Mistake(
            body: ["value": "abcdefgh", "branches": ["main"], "events": ["try"]],
            words: "of no branch"
        ),
        Mistake(name: "-key", body: ["value": "abcdefgh"], words: "A secret's name is"),
        Mistake(name: "%2E%2E%2Fkey", body: ["value": "abcdefgh"], words: "A secret's name is"),
    ]

    @Test(arguments: mistakes)
    private func `what cannot be kept is refused in words`(
        mistake: Mistake
    ) async throws {
        try await withMaster { live in
            let answer = try await live.admin.put("/api/v1/secrets/\(mistake.name)", mistake.body)
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.json.detail.string?.contains(mistake.words) == true, "\(answer.text)")
            for text in ["abcdefgh", "defg", "xxxx"] { #expect(!answer.text.contains(text)) }
            #expect(try await live.admin.json("/api/v1/secrets").items == [])
        }
    }

    @Test func `the database has no value and its folder a key for its owner alone`() async throws {
        try await withMaster { live in
            let data = URL(filePath: live.scratch.path("data"))
            let file = data.appending(path: "secret-key").path
            #expect(!FileManager.default.fileExists(atPath: file))
            _ = try await live.admin.put("/api/v1/secrets/key", ["value": .string(value)])
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
            #expect(mode as? Int == 0o400)
            let key = try String(contentsOfFile: file, encoding: .utf8)
            for name in ["slipway.db", "slipway.db-wal"] {
                let bytes = try Data(contentsOf: data.appending(path: name))
                #expect(bytes.range(of: Data(value.utf8)) == nil)
                for part in key.split(whereSeparator: \.isWhitespace).dropFirst() {
                    #expect(bytes.range(of: Data(part.utf8)) == nil)
                    let raw = try #require(Data(base64Encoded: String(part)))
                    #expect(bytes.range(of: raw) == nil)
                }
            }
        }
    }
}
