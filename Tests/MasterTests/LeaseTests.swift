import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct LeaseTests {
    private static let short = LeaseTerms(
        heartbeat: .milliseconds(200),
        lease: .seconds(1),
        acceptance: .seconds(1),
        cancellation: .seconds(1),
        startGrace: .seconds(1)
    )

    private func job(_ live: LiveMaster, _ order: JobOrder) async throws -> JSON {
        try await live.admin.json("/api/v1/jobs/\(order.job)")
    }

    @Test func `a job goes from order to verdict`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let repository = try await live.repository()
            let build = try await live.build(in: repository)
            let order = try await worker.take()
            #expect(order.build == build.id.int.map { Int64($0) })
            #expect(order.sha == build.sha.string)
            #expect(order.environment["CI_COMMIT_BRANCH"] == "main")
            #expect(order.spec.steps.map(\.name) == ["Tests"])
            let running = try await job(live, order)
            #expect(running.state.string == "running")
            #expect(running.worker.string == "w1")
            let step = StepReport(index: 1, state: .running, startedAgo: 5)
            #expect(try await worker.beat(order, steps: [step]) == .ok)
            #expect(try await job(live, order).steps[1].state.string == "running")
            #expect(try await worker.finish(order).verdict == .ok)
            let done = try await live.admin.json("/api/v1/builds/\(order.build)")
            #expect(done.state.string == "finished")
            #expect(done.result.string == "success")
            #expect(done.jobs[0].steps[1].exit_code.int == 0)
        }
    }

    @Test func `an order that was not heard is told again, and is the same one`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let first = try await worker.claim()
            let second = try await worker.claim()
            #expect(first == second)
        }
    }

    @Test func `an order that the claim names as heard is not told again`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.claim()
            let heard = Claim(freeSlots: 1, wait: 0, heard: [order.attempt])
            #expect(try await worker.sync(claim: heard).orders == [])
            let deaf = Claim(freeSlots: 1, wait: 0)
            #expect(try await worker.sync(claim: deaf).orders == [order])
        }
    }

    @Test func `the end of a job that was never accepted makes way for the next`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            let first = try await worker.claim()
            _ = try await live.build(in: repository)
            let report = FinishReport(
                attempt: first.attempt,
                fence: first.fence,
                result: .success,
                steps: []
            )
            let claim = Claim(freeSlots: 1, wait: 0)
            let answer = try await worker.sync(claim: claim, finishes: [report])
            #expect(answer.finishes.map(\.verdict) == [.ok])
            #expect(answer.orders.count == 1 && answer.orders.first?.job != first.job)
            let row = try await job(live, first)
            #expect(row.result == "success" && row.started_at != .null, "\(row)")
        }
    }

    @Test func `a job begun under an offer that is over gets nowhere`() async throws {
        try await withMaster(leases: Self.short) { live in
            let late = try await live.worker("late")
            _ = try await live.build(in: try await live.repository())
            let order = try await late.claim()
            let heir = try await live.worker("heir")
            let again = try await heir.take()
            #expect(again.job == order.job)
            #expect(try await late.finish(order).verdict == .stale)
            #expect(try await late.beat(order) == .stale)
            #expect(try await heir.finish(again).verdict == .ok)
        }
    }

    @Test func `what a worker does not know of when it starts anew is given out again at once`()
        async throws
    {
        try await withMaster { live in
            let worker = try await live.worker()
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            _ = try await live.build(in: repository)
            let kept = try await worker.take()
            let forgotten = try await worker.take()
            _ = try await worker.sync(kept: [kept.reference])
            #expect(try await worker.beat(kept) == .ok)
            #expect(try await worker.beat(forgotten) == .stale)
            let again = try await worker.claim()
            #expect(again.job == forgotten.job && again.fence > forgotten.fence)
        }
    }

    @Test
    func `a job that waits for its worker is given out again when that comes back without it`()
        async throws
    {
        try await withMaster(leases: Self.short) { live in
            let worker = try await live.worker("anvil")
            let waiting = onePipeline.replacing("image:", with: "on_lost: wait\n    image:")
            _ = try await live.build(waiting, in: try await live.repository())
            let order = try await worker.take()
            let other = try await live.worker("other")
            // Two leases long it is nobody else's.
            let end = ContinuousClock.now + Self.short.lease * 2
            while ContinuousClock.now < end {
                #expect(try await other.sync(claim: Claim(freeSlots: 1, wait: 1)).orders.isEmpty)
            }
            #expect(try await job(live, order).state.string == "running")
            _ = try await worker.sync(kept: [])
            let again = try await other.claim()
            #expect(again.job == order.job && again.fence > order.fence)
        }
    }

    @Test func `a finish that is told twice is answered twice and counts once`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            #expect(try await worker.finish(order, .failure).verdict == .ok)
            #expect(try await worker.finish(order, .success).verdict == .ok)
            #expect(try await job(live, order).result.string == "failure")
            #expect(try await worker.beat(order) == .stale)
        }
    }

    @Test func `a silent worker loses its job to a higher fence, and everything of it is stale`()
        async throws
    {
        try await withMaster(leases: Self.short) { live in
            let silent = try await live.worker("silent")
            _ = try await live.build(in: try await live.repository())
            let old = try await silent.take()
            let heir = try await live.worker("heir")
            let new = try await heir.take()
            #expect(new.job == old.job)
            #expect(new.attempt != old.attempt)
            #expect(new.fence > old.fence)
            #expect(try await silent.beat(old) == .stale)
            #expect(try await silent.finish(old).verdict == .stale)
            #expect(try await silent.sync(accepts: [old.reference]).accepts[0].verdict == .stale)
            #expect(try await silent.upload("late", at: 0, of: old).status == 409)
            #expect(try await silent.upload("late", at: 0, of: new).status == 409)
            #expect(try await heir.finish(new).verdict == .ok)
            let job = try await job(live, new)
            #expect(job.result.string == "success")
            #expect(job.attempt.int == 2)
            #expect(job.worker.string == "heir")
        }
    }

    @Test func `heartbeats keep a job for longer than its lease`() async throws {
        try await withMaster(leases: Self.short) { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            let end = ContinuousClock.now + Self.short.lease * 2
            try await eventually("twice the lease is over") {
                let verdict = try await worker.beat(order)
                #expect(verdict == .ok)
                return ContinuousClock.now > end
            }
            #expect(try await worker.finish(order).verdict == .ok)
            #expect(try await job(live, order).attempt.int == 1)
        }
    }

    @Test func `an offer that nobody accepts goes to another attempt`() async throws {
        try await withMaster(leases: Self.short) { live in
            let deaf = try await live.worker("deaf")
            _ = try await live.build(in: try await live.repository())
            let offer = try await deaf.claim()
            let heir = try await live.worker("heir")
            let order = try await heir.take()
            #expect(order.job == offer.job)
            #expect(order.fence > offer.fence)
            #expect(try await deaf.sync(accepts: [offer.reference]).accepts[0].verdict == .stale)
        }
    }

    // MARK: Fences

    @Test func `an old fence, and another worker's token, get nowhere`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let stranger = try await live.worker("stranger")
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            var old = order
            old.fence -= 1
            #expect(try await worker.beat(old) == .stale)
            #expect(try await worker.finish(old).verdict == .stale)
            let upload = try await worker.upload("x", at: 0, of: old)
            #expect(upload.status == 409)
            #expect(upload.json.detail.string?.contains("not yours under fence") == true)
            #expect(try await stranger.beat(order) == .stale)
            #expect(try await stranger.finish(order).verdict == .stale)
            #expect(try await stranger.upload("x", at: 0, of: order).status == 409)
            let source = "/worker/v1/source/shop/\(order.sha)"
            #expect(try await stranger.api.get(source).status == 409)
            #expect(try await worker.api.get(source).status == 200)
            for verb in ["publications", "promotions"] {
                let path = "/worker/v1/attempts/\(order.attempt)/\(verb)"
                let body: JSON = ["fence": .number(Double(old.fence)), "step": 1, "files": []]
                #expect(try await worker.api.post(path, body).status == 409)
            }
            #expect(try await worker.finish(order).verdict == .ok)
        }
    }

    @Test func `a protocol that the master does not speak is refused in words`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let hello: JSON = ["labels": [], "slots": 1, "version": "9", "is_draining": false]
            let answer = try await worker.api.post(
                "/worker/v1/sync",
                [
                    "protocol": 9, "worker": hello, "accepts": [], "heartbeats": [],
                    "finishes": [],
                ]
            )
            #expect(answer.status == 400)
            #expect(answer.json.detail.string?.contains("worker protocol 2") == true)
        }
    }

    @Test func `a worker of the version before gets its jobs field by field`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            func order(protocol version: Double) async throws -> JSON {
                let hello: JSON = ["labels": [], "slots": 1, "version": "1", "is_draining": false]
                let answer = try await worker.api.post(
                    "/worker/v1/sync",
                    [
                        "protocol": .number(version), "worker": hello, "accepts": [],
                        "heartbeats": [], "finishes": [], "claim": ["free_slots": 1, "wait": 5],
                    ]
                )
                return answer.json.orders[0]
            }
            let order = try await eventually("an order") {
                let order = try await order(protocol: 1)
                return order.attempt == .null ? nil : order
            }
            #expect(order.spec.steps[0].name.string == "Tests")
            #expect(order.document == .null)
        }
    }

    // MARK: Cancel

    @Test func `a cancel reaches the worker with its next heartbeat`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            let path = "/api/v1/builds/\(order.build)/cancellation"
            #expect(try await live.admin.post(path).status == 202)
            #expect(try await worker.beat(order) == .cancel)
            #expect(try await worker.finish(order, .cancelled).verdict == .ok)
            let build = try await live.admin.json("/api/v1/builds/\(order.build)")
            #expect(build.result.string == "cancelled")
            #expect(build.cancelled_by.string == "admin")
        }
    }

    @Test func `a success that comes after the cancel is none`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            _ = try await live.admin.post("/api/v1/builds/\(order.build)/cancellation")
            #expect(try await worker.finish(order, .success).verdict == .ok)
            #expect(try await job(live, order).result.string == "cancelled")
        }
    }

    @Test func `a cancel ends in bounded time without the worker`() async throws {
        try await withMaster(leases: Self.short) { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            _ = try await live.admin.post("/api/v1/builds/\(order.build)/cancellation")
            try await eventually("the build ended") {
                let build = try await live.admin.json("/api/v1/builds/\(order.build)")
                return build.result.string == "cancelled"
            }
            #expect(try await worker.beat(order) == .stale)
            #expect(try await job(live, order).attempt.int == 1)
        }
    }

    @Test func `a build that waits is cancelled at once`() async throws {
        try await withMaster { live in
            let build = try await live.build(in: try await live.repository())
            let id = try #require(build.id.int)
            let answer = try await live.admin.post("/api/v1/builds/\(id)/cancellation")
            #expect(answer.json.result.string == "cancelled")
            #expect(try await live.admin.json("/api/v1/queue").items.elements == [])
        }
    }

    @Test func `a paused worker gets nothing until it is resumed`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await worker.sync()
            #expect(try await live.admin.post("/api/v1/workers/w1/pause").status == 204)
            _ = try await live.build(in: try await live.repository())
            #expect(try await worker.sync(claim: Claim(freeSlots: 1, wait: 0)).orders == [])
            try await eventually("the queue says so") {
                let reason = try await live.admin.json("/api/v1/queue").items[0].waiting_reason
                return reason.string == "Every worker that could run it is paused: w1."
            }
            #expect(try await live.admin.post("/api/v1/workers/w1/resume").status == 204)
            _ = try await worker.take()
        }
    }
}
