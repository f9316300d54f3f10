import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct ChangeTests {
    @Test func `a push starts a build of exactly that commit, seen without a hook`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let sha = try await repository.push(["pipelines/main.yml": onePipeline])
            let build = try await live.build(of: sha)
            #expect(build.number.int == 1)
            #expect(build.repository.string == "shop")
            #expect(build.pipeline.string == "main")
            #expect(build.event.string == "push")
            #expect(build.ref.string == "refs/heads/main")
            #expect(build.author.string == "Ada Lovelace")
            #expect(build.reason.string == "Push to main by Ada Lovelace")
            #expect(build.jobs[0].name.string == "test")
            let steps = build.jobs[0].steps.elements.map(\.kind.string)
            #expect(steps == [] || steps == ["setup", "run"])
            try await eventually("the queue says why it waits") {
                let queue = try await live.admin.json("/api/v1/queue").items
                return queue[0].waiting_reason.string
                    == "No worker has ever connected: start one with `slipway worker`."
            }
        }
    }

    @Test func `what was there before the repository was added starts nothing`() async throws {
        try await withMaster { live in
            let repository = try await SampleRepository(in: live.scratch, name: "old")
            try await repository.push(["pipelines/main.yml": onePipeline])
            let answer = try await live.admin.post(
                "/api/v1/repositories",
                ["name": "old", "url": .string(repository.bare.path)]
            )
            #expect(answer.status == 201)
            try await eventually("it was fetched") {
                try await live.admin.json("/api/v1/repositories/old").fetched_at != .null
            }
            let sha = try await repository.push(["a.txt": "1"])
            let build = try await live.build(of: sha)
            #expect(build.number.int == 1)
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
        }
    }

    @Test func `a broken pipeline is a red build that shows where`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let broken = "jobs:\n  test:\n    image: busybox:1\n    stepz: []\n"
            let build = try await live.build(broken, in: repository)
            #expect(build.state.string == "finished")
            #expect(build.result.string == "failure")
            #expect(build.jobs.elements == [])
            #expect(build.problems[0].path.string == "pipelines/main.yml")
            #expect(build.problems.elements.contains { $0.line.int == 4 })
            #expect(
                build.problems.elements.contains { $0.message.string?.contains("stepz") == true }
            )
            let id = try #require(build.id.int)
            let page = try await live.exchange("GET", "/builds/\(id)")
            #expect(page.body.contains("stepz"))
        }
    }

    @Test func `a repository that is gone is told on its page and does not stop the others`()
        async throws
    {
        try await withMaster { live in
            let answer = try await live.admin.post(
                "/api/v1/repositories",
                ["name": "gone", "url": .string(live.scratch.path("nowhere.git"))]
            )
            #expect(answer.status == 201)
            let shop = try await live.repository()
            #expect(try await live.build(in: shop).number.int == 1)
            try await eventually("its error is told") {
                try await live.admin.json("/api/v1/repositories/gone").fetch_error.string != nil
            }
        }
    }

    @Test func `a repeated start with the same key is the same build`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            func start(_ key: String?) async throws -> API.Answer {
                try await live.admin.send(
                    "POST",
                    "/api/v1/repositories/shop/builds",
                    headers: key.map { ["idempotency-key": $0] } ?? [:],
                    body: Data("{}".utf8)
                )
            }
            let first = try await start("k1")
            #expect(first.status == 201)
            #expect(first.json.builds[0].event.string == "manual")
            #expect(first.json.builds[0].reason.string == "Started by admin")
            let again = try await start("k1")
            #expect(again.json.builds[0].id == first.json.builds[0].id)
            #expect(try await start("k2").json.builds[0].id != first.json.builds[0].id)
            #expect(try await start(nil).json.builds[0].id != first.json.builds[0].id)
            #expect(try await start(String(repeating: "k", count: 256)).status == 400)
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 4)
        }
    }

    @Test func `what cannot be started is refused with what to do`() async throws {
        try await withMaster { live in
            _ = try await live.build(in: try await live.repository())
            let path = "/api/v1/repositories/shop/builds"
            let cases: [(String, JSON, Int, String)] = [
                ("/api/v1/repositories/none/builds", [:], 404, "none"),
                (path, ["ref": "nowhere"], 404, "nowhere"),
                (path, ["sha": "0123456789012345678901234567890123456789"], 404, "01234567"),
                (path, ["pipeline": "other"], 404, "other"), (path, ["ref": 5], 400, "ref"),
            ]
            for (path, body, status, word) in cases {
                let answer = try await live.admin.post(path, body)
                #expect(answer.status == status)
                #expect(answer.json.detail.string?.contains(word) == true, "\(answer.text)")
            }
        }
    }

    @Test func `names are taken once, and what is no name is refused`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let url = JSON.string(repository.bare.path)
            let path = "/api/v1/repositories"
            #expect(try await live.admin.post(path, ["name": "shop", "url": url]).status == 409)
            for name in ["..", "a/b", "", "caf\u{E9}", "a\0b"] {
                let answer = try await live.admin.post(path, ["name": .string(name), "url": url])
                #expect(answer.status == 400, "\(name)")
            }
            let url2 = JSON.string("ext::sh -c touch% /tmp/pwned")
            #expect(try await live.admin.post(path, ["name": "x", "url": url2]).status == 400)
        }
    }

    @Test func `lists go on page by page`() async throws {
        try await withMaster { live in
            _ = try await live.build(in: try await live.repository())
            for _ in 0..<4 { _ = try await live.admin.post("/api/v1/repositories/shop/builds") }
            var numbers: [Int?] = []
            var path: String? = "/api/v1/builds?limit=2"
            while let next = path {
                let answer = try await live.admin.get(next)
                numbers += answer.json.items.elements.map(\.number.int)
                let link = answer.headers["link"]?.firstMatch(of: #/<([^>]+)>; rel="next"/#)
                path = link.map { String($0.1) }
                #expect((answer.json.next_cursor == .null) == (path == nil))
            }
            #expect(numbers == [5, 4, 3, 2, 1])
            #expect(try await live.admin.get("/api/v1/builds?limit=0").status == 400)
            #expect(try await live.admin.get("/api/v1/builds?state=odd").status == 400)
        }
    }
}
