import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@testable import Master

/// What starts builds later, together, or one after the other, over real Git and HTTP.
@Suite struct TimeTests {
    private static func pipeline(_ head: String) -> String { head + "\n" + onePipeline }

    private func builds(_ live: LiveMaster, pipeline: String) async throws -> [JSON] {
        try await live.admin.json("/api/v1/builds?pipeline=\(pipeline)&limit=200").items.elements
    }

    @Test func `the schedules of the default branch are shown, and go with it`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let head = """
                on:
                  manual:
                  schedule: [{ cron: "30 2 * * *", timezone: Europe/Berlin, only_if_changed: true }]
                """
            try await repository.push(["pipelines/nightly.yml": Self.pipeline(head)])
            let path = "/api/v1/repositories/shop/schedules"
            let schedule = try await eventually("the schedule") {
                try await live.admin.json(path).items.elements.first
            }
            #expect(schedule.pipeline == "nightly")
            #expect(schedule.cron == "30 2 * * *")
            #expect(schedule.timezone == "Europe/Berlin")
            #expect(schedule.missed == "once")
            #expect(schedule.next.elements.count == 5)
            let page = try await live.exchange("GET", "/repositories/shop")
            #expect(page.body.contains("Starts by itself"))
            #expect(page.body.contains("30 2 * * *"))
            try await repository.push(["pipelines/nightly.yml": onePipeline])
            try await eventually("it is gone") {
                try await live.admin.json(path).items.elements.isEmpty
            }
            #expect(try await live.admin.get("/api/v1/repositories/x/schedules").status == 404)
        }
    }

    @Test func `a build that was asked for later waits for its time`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            let worker = try await live.worker()
            _ = try await worker.take()
            let path = "/api/v1/repositories/shop/builds"
            func start(at date: Date) async throws -> API.Answer {
                let time = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
                return try await live.admin.post(path, ["not_before": .string(time)])
            }
            let tooLate = try await start(at: Date().addingTimeInterval(400 * 86_400))
            #expect(tooLate.status == 422)
            let answer = try await start(at: Date().addingTimeInterval(2))
            #expect(answer.status == 201)
            let id = try #require(answer.json.builds[0].id.int)
            let build = try await live.admin.json("/api/v1/builds/\(id)")
            #expect(build.holds[0].kind == "time")
            let reason = build.jobs[0].waiting_reason.string
            #expect(reason?.contains("no sooner than") == true)
            let order = try await worker.claim()
            #expect(order.build == Int64(id))
            #expect(try await live.admin.json("/api/v1/builds/\(id)").holds == .null)
        }
    }

    @Test func `pushes in quick succession become one build that covers them all`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let head = "quiet: 1s\ncollapse: true"
            let first = try await live.build(Self.pipeline(head), in: repository, message: "One")
            #expect(first.holds[0].kind == "quiet")
            let second = try await live.build(
                Self.pipeline(head) + "# 2\n",
                in: repository,
                message: "Two"
            )
            #expect(second.covers[0].subject == "One")
            #expect(second.covers[0].build == first.id)
            let old = try await live.admin.json("/api/v1/builds/\(first.id.int ?? 0)")
            #expect(old.result == "skipped")
            #expect(old.covered_by == second.id)
            #expect(old.jobs[0].reason == "build #2 covers its commit")
            let page = try await live.exchange("GET", "/builds/\(second.id.int ?? 0)")
            #expect(page.body.contains("Also covers"))
            let oldPage = try await live.exchange("GET", "/builds/\(first.id.int ?? 0)")
            #expect(oldPage.body.contains("which is newer, covers its commit"))
            let order = try await live.worker().claim()
            #expect(order.sha == second.sha.string)
        }
    }

    @Test func `a push of unimportant files starts nothing and is named by the next build`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            let head = "on: { push: { paths: [\"src/**\"], paths_mode: include } }"
            _ = try await live.build(Self.pipeline(head), in: repository)
            let passed = try await repository.push(["docs/a.md": "a"], message: "Only words")
            let sha = try await repository.push(["src/a.c": "a"])
            let build = try await live.build(of: sha)
            #expect(build.number.int == 2)
            #expect(build.covers[0].sha.string == passed)
            #expect(build.covers[0].build == .null)
        }
    }

    @Test func `a newer build of the group has the older one's worker stop`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let head = "concurrency: { group: \"x-${{ ref }}\", limit: 1, on_new: cancel }"
            let first = try await live.build(Self.pipeline(head), in: repository)
            let worker = try await live.worker(slots: 2)
            let order = try await worker.take()
            let second = try await live.build(Self.pipeline(head) + "# 2\n", in: repository)
            #expect(second.holds[0].kind == "concurrency")
            try await eventually("the older one is to be cancelled") {
                try await worker.beat(order) == .cancel
            }
            _ = try await worker.finish(order, .cancelled)
            let old = try await live.admin.json("/api/v1/builds/\(first.id.int ?? 0)")
            #expect(old.result == "cancelled")
            #expect(old.cancelled_by == "build #2, which is newer")
            #expect(try await worker.claim().build == second.id.int.map { Int64($0) })
        }
    }

    @Test func `a pipeline starts when another has ended well on the same commit`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            let after = "on: { pipeline: { name: libs } }"
            let circle = "on: { push: { branches: [main] }, pipeline: { name: app } }"
            let sha = try await repository.push([
                "pipelines/libs.yml": Self.pipeline(circle),
                "pipelines/app.yml": Self.pipeline(after),
            ])
            let libs = try await live.build(of: sha)
            let worker = try await live.worker()
            _ = try await worker.finish(try await worker.take())
            let app = try await eventually("the build that follows") {
                try await builds(live, pipeline: "app").first
            }
            #expect(app.sha.string == sha)
            #expect(app.event == "pipeline")
            #expect(app.reason == "Pipeline libs ended with success in build #1")
            let whole = try await live.admin.json("/api/v1/builds/\(app.id.int ?? 0)")
            #expect(whole.upstream == libs.id)
            _ = try await worker.finish(try await worker.take())
            // Its end is looked at before this push is, and the circle ends there.
            let next = try await repository.push(["a.txt": "a"])
            _ = try await live.build(of: next)
            #expect(try await builds(live, pipeline: "libs").count == 2)
        }
    }
}
