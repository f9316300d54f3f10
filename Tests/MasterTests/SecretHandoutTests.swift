import Core
import Foundation
import Storage
import TestSupport
import Testing
import Wire

@testable import Master

/// What a worker gets of secrets, and what it does not, over real HTTP.
@Suite struct SecretHandoutTests {
    private static let signing = """
        jobs:
          sign:
            image: busybox:1
            steps:
              - run: "true"
                secrets: { KEY: { from: key }, WORD: { from: word, as: file } }

        """

    private func set(
        _ name: String,
        _ body: JSON = ["value": "hunter2-hunter2"],
        of repository: String? = nil,
        on live: LiveMaster
    ) async throws {
        let place = repository.map { "repositories/\($0)/" } ?? ""
        let answer = try await live.admin.put("/api/v1/\(place)secrets/\(name)", body)
        #expect([200, 201].contains(answer.status), "\(answer.text)")
    }

    private func ask(
        _ worker: FakeWorker,
        _ order: JobOrder,
        for names: [String] = ["key", "word"],
        fence: Int? = nil
    ) async throws -> API.Answer {
        try await worker.api.post(
            "/worker/v1/attempts/\(order.attempt)/secrets",
            [
                "fence": .number(Double(fence ?? order.fence)),
                "names": .array(names.map { .string($0) }),
            ]
        )
    }

    private func values(_ answer: API.Answer) -> [String: String] {
        var values: [String: String] = [:]
        for secret in answer.json.secrets.elements {
            values[secret.name.string ?? ""] = secret.value.string
        }
        return values
    }

    @Test func `a job under its lease gets what its steps ask for, and it is on record`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            try await set("key", on: live)
            try await set("key", ["value": "the-shop's-own"], of: "shop", on: live)
            try await set("word", ["value": "a\nb \"c\" é\n"], on: live)
            try await set("other", on: live)
            let worker = try await live.worker()
            let build = try await live.build(Self.signing, in: repository)
            let order = try await worker.take()
            let answer = try await ask(worker, order)
            #expect(answer.status == 200)
            #expect(values(answer) == ["key": "the-shop's-own", "word": "a\nb \"c\" é\n"])
            #expect(answer.headers["cache-control"] == "no-store")
            let listed = try await live.admin.json("/api/v1/secrets").items.elements
            for secret in listed {
                let isUsed = secret.name == "word" || secret.repository == "shop"
                #expect((secret.last_used_build == build.id) == isUsed, "\(secret)")
            }
            let deeds = try await live.admin.json("/api/v1/secret-deeds?limit=2").items.elements
            #expect(deeds.map(\.kind) == ["given", "given"])
            #expect(Set(deeds.compactMap(\.name.string)) == ["key", "word"])
            #expect(deeds[0].build == build.id && deeds[0].actor == "w1")
            #expect(deeds[0].job.int.map(Int64.init) == order.job)
        }
    }

    @Test func `nobody else gets it: no other worker, fence, name or role`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            for name in ["key", "word", "other"] { try await set(name, on: live) }
            let worker = try await live.worker()
            _ = try await live.build(Self.signing, in: repository)
            let order = try await worker.take()
            let thief = try await live.worker("w2")
            #expect(try await ask(thief, order).status == 409)
            #expect(try await ask(worker, order, fence: order.fence - 1).status == 409)
            #expect(try await ask(worker, order, fence: order.fence + 1).status == 409)
            let foreign = try await ask(worker, order, for: ["key", "other"])
            #expect(foreign.status == 403)
            #expect(foreign.json.detail.string?.contains("asks for the secret other") == true)
            for role in [Role.admin, .developer, .release, .viewer] {
                var person = worker
                person.api = try await live.api(role)
                #expect(try await ask(person, order).status == 403)
            }
            #expect(try await worker.finish(order).verdict == .ok)
            #expect(try await ask(worker, order).status == 409)
        }
    }

    @Test func `a refusal is a sentence, for all or nothing, and on record`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            try await set("key", ["value": "hunter2-hunter2", "branches": ["main"]], on: live)
            let worker = try await live.worker()
            _ = try await live.build(Self.signing, in: repository, branch: "feature")
            let order = try await worker.take()
            let answer = try await ask(worker, order)
            #expect(answer.status == 200 && values(answer).isEmpty)
            #expect(!answer.text.contains("hunter2"))
            let refusals = answer.json.refusals.elements.compactMap(\.string)
            #expect(
                refusals == [
                    "the secret key is only for branch main; this build is of refs/heads/feature",
                    "there is no secret word for shop: an administrator sets it with "
                        + "'slipway secret set word --repository shop'",
                ]
            )
            let deeds = try await live.admin.json("/api/v1/secret-deeds").items.elements
            #expect(deeds.map(\.kind) == ["refused", "refused", "set"])
            #expect(deeds[1].detail.string == refusals[0])
        }
    }

    @Test func `what a job was given it is given again, until it ends`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            for name in ["key", "word"] { try await set(name, on: live) }
            let worker = try await live.worker()
            _ = try await live.build(Self.signing, in: repository)
            let order = try await worker.take()
            let first = values(try await ask(worker, order))
            try await set("key", ["value": "another value", "events": ["tag"]], on: live)
            #expect(try await live.admin.delete("/api/v1/secrets/word").status == 204)
            #expect(values(try await ask(worker, order)) == first)
            let build = order.build
            #expect(try await worker.finish(order, .failure).verdict == .ok)
            _ = try await live.admin.post("/api/v1/builds/\(build)/retries")
            let next = try await worker.take()
            #expect(try await ask(worker, next).json.refusals.elements.count == 2)
        }
    }

    @Test func `a pull request from outside gets none, approved or not`() async throws {
        try await withMaster { live in
            let offer = try await PullRequestTests.Offer(live)
            for name in ["key", "word"] { try await set(name, on: live) }
            let worker = try await live.worker()
            try await offer.offer([
                "pipelines/main.yml": "on: { pull_request: {} }\n" + Self.signing
            ])
            _ = try await offer.tell("github-pull-request.json", id: "a")
            let id = try await offer.build().id.int ?? 0
            #expect(try await live.admin.post("/api/v1/builds/\(id)/approval").status == 202)
            let order = try await worker.take()
            let answer = try await ask(worker, order)
            #expect(values(answer).isEmpty)
            for refusal in answer.json.refusals.elements {
                #expect(refusal.string?.contains("not for pull requests from outside") == true)
            }
            // Nor does one who starts its commit by hand.
            #expect(try await worker.finish(order).verdict == .ok)
            let sha = try await offer.build().sha
            let manual = "on: { manual: {}, pull_request: {} }\n" + Self.signing
            let head = try await offer.offer(["pipelines/main.yml": manual])
            _ = try await offer.tell("github-pull-request.json", id: "b")
            let second = try await worker.take()
            #expect(try await worker.finish(second).verdict == .ok)
            #expect(sha.string != head)
            let started = try await live.admin.post(
                "/api/v1/repositories/shop/builds",
                ["sha": .string(head)]
            )
            #expect(started.status == 201, "\(started.text)")
            let third = try await worker.take()
            let bare = try await ask(worker, third).json.refusals[0].string
            #expect(bare?.contains("not for a bare commit") == true, "\(bare ?? "")")
        }
    }

    @Test func `one of another branch of the same repository gets what is not protected`()
        async throws
    {
        try await withMaster { live in
            let offer = try await PullRequestTests.Offer(live)
            try await set("key", on: live)
            try await set("word", ["value": "hunter2-hunter2", "branches": ["main"]], on: live)
            let worker = try await live.worker()
            try await offer.offer([
                "pipelines/main.yml": "on: { pull_request: {} }\n" + Self.signing
            ])
            // Its head is a branch of the repository itself.
            let news = try Forging.body("github-pull-request.json")
                .replacing("990011", with: "186853002")
            let sent = try await offer.forging.send(.github, event: "pull_request", id: "a", news)
            #expect(sent.status == 202)
            let order = try await worker.take()
            let refusals = try await ask(worker, order).json.refusals.elements.map(\.string)
            #expect(
                refusals == [
                    "the secret word is only for branch main; this build is of refs/pull/7/merge"
                ]
            )
        }
    }

    @Test func `rewrapping changes the key and no value, and leaves the old key nowhere`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            for name in ["key", "word"] { try await set(name, on: live) }
            let worker = try await live.worker()
            _ = try await live.build(Self.signing, in: repository)
            let order = try await worker.take()
            let first = values(try await ask(worker, order))
            // Retired, and still to be given again.
            try await set("key", ["value": "another value"], on: live)
            let file = live.scratch.path("data/secret-key")
            let before = try String(contentsOfFile: file, encoding: .utf8)
            let answer = try await live.admin.post("/api/v1/secret-keys")
            #expect(answer.status == 201 && answer.json.secrets == 3)
            let after = try String(contentsOfFile: file, encoding: .utf8)
            #expect(after.split(separator: "\n").count == 1)
            #expect(after.hasPrefix((answer.json.id.string ?? "?") + " ") && after != before)
            #expect(values(try await ask(worker, order)) == first)
            #expect(try await live.admin.post("/api/v1/secret-keys").json.secrets == 3)
            let deed = try await live.admin.json("/api/v1/secret-deeds").items[0]
            #expect(deed.kind == "rewrapped" && deed.name == .null)
        }
    }
}
