import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct StoreRouteTests {
    private static let pointer = "/cs/v1/channels/shop/dev"

    /// Publishes one file as a release of the unit `shop`, which moves its first channel.
    private func publish(_ version: String, _ text: String, at live: LiveMaster) async throws {
        let digest = sha256(text)
        let missing = try await live.admin.post(
            "/cs/v1/blobs:missing",
            ["digests": [.string(digest)]]
        ).json
        if missing.missing.elements == [.string(digest)] {
            let blob = try await live.admin.send(
                "PUT",
                "/cs/v1/blobs/sha256:\(digest)",
                body: Data(text.utf8)
            )
            #expect(blob.status == 201)
        }
        let answer = try await live.admin.post(
            "/cs/v1/releases",
            [
                "unit": "shop", "version": .string(version),
                "files": [
                    [
                        "path": "shop/a.py", "sha256": .string(digest),
                        "size": .number(Double(text.utf8.count)), "mode": 420,
                    ]
                ],
            ]
        )
        guard answer.status == 201 else {
            throw NeverHappened(description: "\(version): \(answer.status) \(answer.text)")
        }
    }

    @Test func `a pointer is asked for once and is then not modified`() async throws {
        try await withMaster { live in
            #expect(try await live.admin.get(Self.pointer).status == 404)
            try await publish("1.0.0", "a = 1\n", at: live)
            let answer = try await live.admin.get(Self.pointer)
            #expect(answer.json.version.string == "1.0.0")
            let rev = try #require(answer.json.rev.int)
            let tag = try #require(answer.headers["etag"])
            #expect(tag == "\"r\(rev)\"")
            let same = try await live.admin.get(Self.pointer, headers: ["if-none-match": tag])
            #expect(same.status == 304)
            #expect(same.body.isEmpty)
            let waited = try await live.admin.get("\(Self.pointer)?since=\(rev)&wait=0")
            #expect(waited.status == 304)
            let manifest = try #require(answer.json.manifest.string)
            let files = try await live.admin.get(manifest)
            #expect(files.json.version.string == "1.0.0")
            #expect(files.headers["cache-control"]?.contains("immutable") == true)
        }
    }

    @Test func `a long poll wakes when the channel moves`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            let rev = try #require(try await live.admin.json(Self.pointer).rev.int)
            async let waiting = live.admin.get(
                "\(Self.pointer)?since=\(rev)&wait=55",
                within: .seconds(30)
            )
            try await publish("1.1.0", "a = 2\n", at: live)
            let answer = try await waiting
            #expect(answer.status == 200)
            #expect(answer.json.version.string == "1.1.0")
        }
    }

    @Test func `a watch begins with the present and goes on with what moves`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            var watch = try await live.stream("/cs/v1/watch?c=shop/dev&c=shop/staging")
            try await watch.read { $0.contains("\n\n") && $0.contains("event: promote") }
            #expect(watch.text.contains(#""version":"1.0.0""#))
            try await publish("1.1.0", "a = 2\n", at: live)
            try await watch.read { $0.contains(#""version":"1.1.0""#) }
            _ = try await live.admin.post(
                "/cs/v1/channels/shop/staging/promotions",
                ["version": "1.0.0"]
            )
            try await watch.read { $0.contains(#""channel":"staging""#) }
            let ids = watch.text.matches(of: #/(?m)^id: (\d+)$/#).compactMap { Int($0.1) }
            #expect(ids == ids.sorted() && Set(ids).count == ids.count)
            for path in ["/cs/v1/watch", "/cs/v1/watch?c=shop", "/cs/v1/watch?c=../x/dev"] {
                #expect(try await live.admin.get(path).status == 400)
            }
        }
    }

    @Test func `a promotion that counts on an older state is refused`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            try await publish("1.1.0", "a = 2\n", at: live)
            func promote(_ version: String, ifMatch: String) async throws -> API.Answer {
                try await live.admin.send(
                    "POST",
                    "/cs/v1/channels/shop/staging/promotions",
                    headers: ["if-match": ifMatch],
                    body: JSONEncoder().encode(JSON.object(["version": .string(version)]))
                )
            }
            let first = try await promote("1.0.0", ifMatch: "*")
            #expect(first.status == 201)
            let rev = try #require(first.json.rev.int)
            let stale = try await promote("1.1.0", ifMatch: "\"r\(rev - 1)\"")
            #expect(stale.status == 412)
            #expect(stale.json.detail.string?.contains("r\(rev)") == true)
            #expect(try await promote("1.1.0", ifMatch: "soon").status == 400)
            let second = try await promote("1.1.0", ifMatch: "\"r\(rev)\"")
            #expect(second.status == 201)
            #expect(second.json.from.string == "1.0.0")
        }
    }

    @Test func `a refusal names every condition that is not met`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            let path = "/cs/v1/channels/shop/production/promotions"
            let answer = try await live.admin.post(path, ["version": "1.0.0"])
            #expect(answer.status == 409)
            #expect(answer.json.reasons[0].string?.contains("staging") == true)
            let rejection = "/cs/v1/releases/shop/1.0.0/rejection"
            #expect(try await live.admin.post(rejection, ["reason": "leaks"]).status == 200)
            let both = try await live.admin.post(path, ["version": "1.0.0"])
            #expect(both.json.reasons.elements.count == 2)
        }
    }

    @Test func `a rollback moves back, holds the channel and is written down`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            try await publish("1.1.0", "a = 2\n", at: live)
            let answer = try await live.admin.post(
                "/cs/v1/channels/shop/dev/rollbacks",
                ["reason": "it sells no tea"]
            )
            #expect(answer.status == 201)
            #expect(answer.json.to.string == "1.0.0")
            #expect(try await live.admin.json(Self.pointer).version.string == "1.0.0")
            let channels = try await live.admin.json("/cs/v1/channels/shop").items
            #expect(channels.named("dev").hold.string != nil)
            let log = try await live.admin.json("/cs/v1/log?unit=shop").items
            #expect(log[0].kind.string == "rollback")
            #expect(log[0].actor.string == "admin")
            #expect(log[0].reason.string == "it sells no tea")
            #expect(Set(log.elements.map(\.hash.string)).count == 3)
        }
    }

    @Test func `a version is never published twice with other content`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            await #expect(throws: NeverHappened.self) {
                try await publish("1.0.0", "a = 2\n", at: live)
            }
            #expect(try await live.admin.get("/files/shop/1.0.0/shop/a.py").text == "a = 1\n")
        }
    }

    @Test func `a blob that is not what its name says is refused`() async throws {
        try await withMaster { live in
            let path = "/cs/v1/blobs/sha256:\(sha256("a"))"
            let answer = try await live.admin.send("PUT", path, body: Data("b".utf8))
            #expect(answer.status == 400)
            #expect(try await live.admin.get(path).status == 404)
            #expect(try await live.admin.get("/cs/v1/blobs/..%2f").status == 400)
        }
    }

    @Test func `single files come by channel and by version, whole and in ranges`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 12345\n", at: live)
            for place in ["dev", "1.0.0"] {
                let path = "/files/shop/\(place)/shop/a.py"
                let whole = try await live.stranger.get(path)
                #expect(whole.text == "a = 12345\n")
                #expect(whole.headers["content-disposition"] == "attachment")
                let part = try await live.stranger.get(path, headers: ["range": "bytes=4-6"])
                #expect(part.status == 206)
                #expect(part.text == "123")
                #expect(part.headers["content-range"] == "bytes 4-6/10")
                let none = try await live.stranger.get(path, headers: ["range": "bytes=10-"])
                #expect(none.status == 416)
                let tag = whole.headers["etag"] ?? ""
                let same = try await live.stranger.get(path, headers: ["if-none-match": tag])
                #expect(same.status == 304)
            }
            for path in ["shop/dev/none", "shop/none/shop/a.py", "none/dev/a"] {
                #expect(try await live.stranger.get("/files/\(path)").status == 404, "\(path)")
            }
            for path in ["..%2f..%2fetc", "shop/%00", "shop%2f%2fa.py"] {
                let status = try await live.stranger.get("/files/shop/dev/\(path)").status
                #expect([400, 404].contains(status), "\(path)")
            }
        }
    }

    @Test func `what nodes report is shown`() async throws {
        try await withMaster { live in
            try await publish("1.0.0", "a = 1\n", at: live)
            let release = try await live.admin.json(Self.pointer).release
            let report: JSON = [
                "unit": "shop", "channel": "dev", "seen_rev": 1, "active": release,
                "errors": ["shop.a: no tea"], "host": "n1", "pid": 4,
            ]
            #expect(try await live.stranger.post("/cs/v1/nodes/n1-4", report).status == 204)
            try await eventually("the node is listed") {
                let nodes = try await live.admin.json("/cs/v1/nodes?unit=shop").items
                return nodes[0].active_version.string == "1.0.0"
                    && nodes[0].errors[0].string == "shop.a: no tea"
            }
            let page = try await live.exchange("GET", "/units/shop")
            #expect(page.status == 200)
            #expect(page.body.contains("1.0.0"))
        }
    }
}
