import Core
import Crypto
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct HookTests {
    static let pushes: [(Forge, String, String)] = [
        (.github, "push", "github-push.json"),
        (.gitlab, "Push Hook", "gitlab-push.json"),
        (.gitea, "push", "gitea-push.json"),
        (.forgejo, "push", "forgejo-push.json"),
        (.bitbucket, "repo:push", "bitbucket-cloud-push.json"),
        (.bitbucket, "repo:refs_changed", "bitbucket-center-push.json"),
        (.git, "", "git-push.txt"),
    ]

    @Test func `every forge's delivery is taken once and causes a fetch`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            for (forge, event, file) in Self.pushes {
                let body = try Forging.body(file)
                let first = try await forging.send(forge, event: event, id: file, body)
                #expect(first.status == 202, "\(file): \(first.answer)")
                #expect(first.answer == [:])
                let again = try await forging.send(forge, event: event, id: file, body)
                #expect(again.status == 202)
                #expect(again.answer.duplicate == true)
            }
            try await eventually("all were acted on") {
                let outcomes = try await forging.deliveries().map(\.outcome.string)
                return outcomes.count == Self.pushes.count && !outcomes.contains(nil)
            }
            let page = try await live.admin.get("/repositories/shop").text
            #expect(page.contains("push to main and 1 more, not to be built"))
            #expect(page.contains("Git · "))
        }
    }

    @Test func `what was tampered with is refused whoever it claims to be`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            for (forge, event, file) in Self.pushes {
                let body = try Forging.body(file)
                // Whoever knows the token may say what they like: there the secret is the proof.
                let isToken = forge == .gitlab || forge == .git
                var headers = forging.headers(forge, event: event, id: file, body: body)
                if isToken {
                    headers = headers.map { $0.1 == forging.secret ? ($0.0, "0" + $0.1) : $0 }
                }
                let tampered = isToken ? body : body.replacing("main", with: "mein")
                let answer = try await forging.post(forge, headers, tampered)
                #expect(answer.status == 401, "\(file)")
                let unsigned = headers.filter {
                    !$0.0.hasSuffix("Signature") && !$0.0.hasSuffix("256")
                        && !$0.0.hasSuffix("Token")
                }
                let bare = try await forging.post(forge, unsigned, body)
                #expect(bare.status == 401, "\(file)")
                #expect(bare.answer.detail.string?.contains("slipway repo hook") == true)
            }
            #expect(try await forging.deliveries() == [])
        }
    }

    @Test func `GitLab's signed form holds for five minutes and with its own key`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            let body = try Forging.body("gitlab-push.json")
            let token = forging.signingToken.dropFirst("whsec_".count)
            let key = try #require(Data(base64Encoded: String(token)))
            func send(_ id: String, at time: Date, key: Data, body: String) async throws -> Int {
                let stamp = String(Int(time.timeIntervalSince1970))
                let signed = Data("\(id).\(stamp).\(body)".utf8)
                let code = HMAC<SHA256>.authenticationCode(
                    for: signed,
                    using: SymmetricKey(data: key)
                )
                let headers = [
                    ("webhook-id", id), ("webhook-timestamp", stamp),
                    ("webhook-signature", "v1,bm9uZQ== v1,\(Data(code).base64EncodedString())"),
                ]
                return try await forging.post(.gitlab, headers, body).status
            }
            #expect(try await send("a", at: .now, key: key, body: body) == 202)
            let old = Date.now.addingTimeInterval(-400)
            #expect(try await send("b", at: old, key: key, body: body) == 401)
            let text = Data(forging.secret.utf8)
            #expect(try await send("c", at: .now, key: text, body: body) == 401)
            #expect(try await forging.deliveries().count == 1)
        }
    }

    @Test func `a hundred identical deliveries at once make one build`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let forging = try await Forging(live)
            let sha = try await repository.commit(["pipelines/main.yml": onePipeline])
            let body = """
                {"ref": "refs/heads/main", "before": "\(String(repeating: "0", count: 40))",
                 "after": "\(sha)"}
                """
            try await repository.push()
            let answers = try await withThrowingTaskGroup(of: JSON.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let sent = try await forging.send(.github, event: "push", id: "one", body)
                        return sent.status == 202 ? sent.answer : ["status": 0]
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0 == [:] }.count == 1)
            #expect(answers.filter { $0.duplicate == true }.count == 99)
            let build = try await live.build(of: sha)
            try await eventually("it was acted on") {
                try await forging.deliveries().first?.outcome.string == "fetched"
            }
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
            let late = try await forging.send(.github, event: "push", id: "one", body)
            #expect(late.answer.builds.elements.map(\.int) == [build.id.int])
        }
    }

    @Test func `without a name of its own a delivery is known by its body`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            let body = try Forging.body("gitea-push.json")
            #expect(try await forging.send(.gitea, event: "push", body).answer == [:])
            let again = try await forging.send(.gitea, event: "push", body)
            #expect(again.answer.duplicate == true)
            let other = try await forging.send(.gitea, event: "push", body + "\n")
            #expect(other.answer == [:])
        }
    }

    @Test func `a delivery as a form is read like one as JSON`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            let payload =
                try Forging.body("github-push.json")
                .addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let body = "payload=" + payload.replacing("%20", with: "+")
            let headers = forging.headers(.github, event: "push", id: "f", body: body)
            let form = [("Content-Type", "application/x-www-form-urlencoded")]
            #expect(try await forging.post(.github, headers + form, body).status == 202)
            #expect(try await forging.deliveries().first?.summary.string == "push to main")
        }
    }

    @Test func `names and forges that are not there are told from nothing`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            var forging = try await Forging(live)
            let body = try Forging.body("github-push.json")
            let headers = forging.headers(.github, event: "push", id: "x", body: body)
            let wrong = [("X-Hub-Signature-256", "sha256=" + String(repeating: "0", count: 64))]
            let known = try await forging.post(.github, wrong, body)
            forging.repository = "ghost"
            let unknown = try await forging.post(.github, headers, body)
            #expect(known.status == 401)
            #expect(unknown.answer == known.answer)
            let forge = try await live.exchange("POST", "/hooks/svn/shop", body: "{}")
            #expect(forge.status == 404)
            #expect(forge.body.contains("github, gitlab, gitea, forgejo, bitbucket, git"))
        }
    }

    @Test func `a body that is too large or no payload is refused in words`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            let large = String(repeating: "x", count: 10 << 20 + 1)
            #expect(try await forging.send(.git, event: "", large).status == 413)
            let page = try await forging.send(.github, event: "push", "<html>")
            #expect(page.status == 400)
            #expect(
                page.answer.detail == "This is not what GitHub sends: it is not JSON."
            )
            let ping = try await forging.send(.github, event: "ping", "{}")
            #expect(ping.status == 202)
            #expect(ping.answer.ignored == "the hook works")
            #expect(try await forging.deliveries() == [])
        }
    }

    @Test func `a new secret takes the place of the old one`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            let old = try await Forging(live)
            let same = try await Forging(live)
            #expect(old.secret == same.secret)
            #expect(old.secret.utf8.count == 64)
            let path = "/api/v1/repositories/shop/hook"
            let new = try await live.admin.post(path, ["renew": true]).json.secret.string
            #expect(new != old.secret)
            #expect(try await live.admin.json(path).secret.string == new)
            let body = try Forging.body("github-push.json")
            #expect(try await old.send(.github, event: "push", body).status == 401)
            let database = try Data(contentsOf: URL(filePath: live.scratch.path("data/slipway.db")))
            let journal = try Data(
                contentsOf: URL(filePath: live.scratch.path("data/slipway.db-wal"))
            )
            #expect((database + journal).range(of: Data(old.secret.utf8)) == nil)
        }
    }
}
