import Core
import Foundation
import Storage
import TestSupport
import Testing
import Wire

@testable import Master

/// The page that shows what waits, over real HTTP.
@Suite(.serialized) struct QueuePageTests {
    private static let locked = """
        jobs:
          make:
            image: busybox:1
            steps:
              - run: make
                locks: [{ name: licence, count: 2, mode: counting }]
        """

    private func page(_ live: LiveMaster) async throws -> String {
        try await live.exchange("GET", "/queue", headers: [("Accept", "text/html")]).body
    }

    @Test func `a lock shows what is taken of it, who has it and who waits for it`() async throws {
        try await withMaster { live in
            let set = try await live.admin.send(
                "PUT",
                "/api/v1/locks/licence",
                body: Data(#"{"capacity":3}"#.utf8)
            )
            #expect(set.status == 200)
            let worker = try await live.worker(slots: 4)
            let repository = try await live.repository()
            _ = try await live.build(Self.locked, in: repository)
            let second = try await live.build(Self.locked, in: repository, message: "Again")
            let order = try await worker.take()
            let page = try await eventually("the waiting job") { () -> String? in
                let page = try await self.page(live)
                return page.contains("Waiting for it:") ? page : nil
            }
            #expect(page.contains("2 of 3"))
            let held = try #require(page.firstMatch(of: #/Held by (.*)\.<\/p>/#)).1
            #expect(held.contains("/builds/\(order.build)\""))
            #expect(held.contains("/jobs/\(order.job)\""))
            let waiting = try #require(page.firstMatch(of: #/Waiting for it: (.*)\.<\/p>/#)).1
            #expect(waiting.contains("/builds/\(second.id.int ?? 0)\""))
            _ = try await worker.finish(order)
            _ = try await worker.finish(try await worker.take())
            #expect(try await !self.page(live).contains("licence"))
        }
    }

    @Test func `a paused queue says who paused it and why, and an administrator resumes it`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            let body: JSON = ["labels": ["gpu", "arm"], "reason": "the board moves"]
            #expect(try await live.admin.post("/api/v1/queue/pause", body).status == 204)
            let read = try await page(live)
            #expect(read.contains("<bdi>arm, gpu</bdi>"))
            #expect(read.contains("<bdi>admin</bdi> paused it"))
            #expect(read.contains("the board moves."))
            #expect(!read.contains("/queue/resume"))
            _ = try await live.build(
                "jobs: { a: { image: busybox, labels: [arm, gpu], steps: [{ run: a }] } }",
                in: repository
            )
            let person = try await Visitor(live)
            #expect(try await person.page("/queue").contains(#"action="/queue/resume""#))
            let sent = try await person.send("/queue/resume", "label.0=arm&label.1=gpu")
            #expect(sent.status == 303)
            #expect(sent.location == "/queue")
            #expect(try await !page(live).contains("paused it"))
        }
    }

    @Test func `a held build is a row with its time, and a person begins it`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            let worker = try await live.worker(slots: 4)
            _ = try await worker.take()
            let path = "/api/v1/repositories/shop/builds"
            func start() async throws -> Int {
                let time = Date().addingTimeInterval(7_200)
                    .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
                let answer = try await live.admin.post(path, ["not_before": .string(time)])
                return try #require(answer.json.builds[0].id.int)
            }
            let (first, second) = (try await start(), try await start())
            let read = try await page(live)
            #expect(read.contains("no sooner than"))
            #expect(read.contains(#/data-as="left">(2h 00m|1h 59m) left</#))
            #expect(!read.contains("Begin now"))
            let person = try await Visitor(live)
            let signedIn = try await person.page("/queue")
            #expect(signedIn.contains(#"action="/builds/\#(first)/beginning""#))
            let build = try await person.page("/builds/\(first)")
            #expect(build.contains("Begin now"))
            #expect(try await person.send("/builds/\(first)/beginning").status == 303)
            #expect(try await worker.take().build == Int64(first))
            // By API, for whoever may start builds, and for nobody else.
            let beginning = "/api/v1/builds/\(second)/beginning"
            let viewer = try await live.api(.viewer)
            #expect(try await viewer.post(beginning).status == 403)
            let ada = try await live.api(.developer, named: "ada")
            let answer = try await ada.post(beginning)
            #expect(answer.status == 202)
            #expect(answer.json.reason.string?.hasSuffix(", begun early by ada") == true)
            #expect(answer.json.holds == .null)
            #expect(try await worker.take().build == Int64(second))
            let late = try await ada.post(beginning)
            #expect(late.status == 409)
            #expect(late.json.detail.string?.contains("begins by itself, or has begun") == true)
            #expect(try await ada.post("/api/v1/builds/999/beginning").status == 404)
        }
    }

    @Test func `what waits for a place in its group is shown, and is not begun beside it`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            let grouped = "concurrency: { group: deploy, limit: 1, on_new: queue }\n" + onePipeline
            _ = try await live.build(grouped, in: repository)
            let second = try await live.build(grouped, in: repository, message: "Again")
            let person = try await Visitor(live)
            let page = try await person.page("/queue")
            #expect(page.contains("It waits for a place in its group"))
            #expect(!page.contains("Begin now"))
            let id = second.id.int ?? 0
            let refused = try await live.admin.post("/api/v1/builds/\(id)/beginning")
            #expect(refused.status == 409)
            #expect(refused.json.detail.string?.contains("cancel them") == true)
        }
    }

    @Test func `who is away is named with the time of the last call`() async throws {
        try await withMaster { live in
            let row = WorkerRow(
                name: "w7",
                labels: ["gpu"],
                slots: 1,
                version: "0.1.0",
                lastSeenAt: Date(timeIntervalSince1970: 1_750_000_000)
            )
            try await live.master.database.write { try $0.greet(row, at: row.lastSeenAt) }
            _ = try await live.build(
                "jobs: { a: { image: busybox, labels: [gpu], steps: [{ run: a }] } }",
                in: try await live.repository()
            )
            let sentence =
                "Every worker that could run it is away: w7 (last seen 2025-06-15 15:06 UTC)."
            try await eventually("the reason") {
                try await live.admin.json("/api/v1/queue").items[0].waiting_reason.string
                    == sentence
            }
            #expect(try await page(live).contains(sentence))
        }
    }

    @Test func `a worker that says nothing new is written down as seen now and then`() {
        let registry = WorkerRegistry()
        let hello = WorkerHello(labels: [], slots: 1, version: "0.1.0", trouble: nil)
        #expect(registry.note("w", hello) == .news)
        #expect(registry.note("w", hello) == .nothing)
        #expect(registry.note("w", hello, at: .now + .seconds(61)) == .again)
        #expect(registry.note("w", hello, at: .now + .seconds(62)) == .nothing)
    }

    @Test func `a job at a gate is a row that leads to the gate`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let gate = """
                image: busybox:1
                steps:
                  - run: make
                  - gate: { name: go-live, timeout: 72h }
                """
            _ = try await live.build(gate, in: try await live.repository())
            let order = try await worker.take()
            _ = try await worker.stop(order, atGate: 2, log: "made\n")
            let page = try await self.page(live)
            #expect(page.contains("/builds/\(order.build)#gate-\(order.job)-2"))
            #expect(page.contains("0 of 1 approval"))
            #expect(page.contains(#/(3d 0h|2d 23h) left/#))
            #expect(!page.contains("wait for other jobs"))
        }
    }
}
