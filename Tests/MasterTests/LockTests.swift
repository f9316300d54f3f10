import Core
import Foundation
import TestSupport
import Testing
import Wire

/// One master after the other: each has many files open.
@Suite(.serialized) struct LockTests {
    private static let locked = """
        image: busybox:1
        steps:
          - run: make
            locks: [{ name: licence, count: 1, mode: counting }]
        """

    @Test func `a lock has the capacity that was set, and says who holds it`() async throws {
        try await withMaster { live in
            let worker = try await live.worker(slots: 4)
            let repository = try await live.repository()
            _ = try await live.build(Self.locked, in: repository)
            _ = try await live.build(Self.locked, in: repository, message: "Again")
            let order = try await worker.take()
            let waiting = try await eventually("a reason") {
                let queue = try await live.admin.json("/api/v1/queue")
                return queue.items[0].waiting_reason.string.flatMap {
                    $0.contains("lock licence") ? $0 : nil
                }
            }
            #expect(waiting == "It waits for the lock licence, which shop #1 (main) holds.")
            let held = try await live.admin.json("/api/v1/locks")
            #expect(held.items[0].capacity.int == 1)
            #expect(held.items[0].holders[0].job.int == Int(order.job))
            let set = try await live.admin.send(
                "PUT",
                "/api/v1/locks/licence",
                body: Data(#"{"capacity": 2}"#.utf8)
            )
            #expect(set.status == 200)
            #expect(try await worker.take().build != order.build)
            let forgotten = try await live.admin.send("DELETE", "/api/v1/locks/licence")
            #expect(forgotten.status == 204)
        }
    }

    @Test func `nonsense about a lock is refused`() async throws {
        try await withMaster { live in
            for (body, status) in [
                (#"{"capacity": -1}"#, 400), (#"{"capacity": 10001}"#, 400), ("{}", 400),
                (#"{"capacity": 1, "scope": "nowhere"}"#, 400),
                (#"{"capacity": 1, "scope": "master", "worker": "w1"}"#, 400),
                (#"{"capacity": 0}"#, 200), (#"{"capacity": 3, "worker": "w1"}"#, 200),
            ] {
                let answer = try await live.admin.send(
                    "PUT",
                    "/api/v1/locks/a",
                    body: Data(body.utf8)
                )
                #expect(answer.status == status, "\(body)")
            }
        }
    }

    @Test func `a worker whose machinery fails again and again is left alone until a person says`()
        async throws
    {
        try await withMaster { live in
            let worker = try await live.worker()
            let repository = try await live.repository()
            for number in 1...3 {
                _ = try await live.build(in: repository, message: "\(number)")
                _ = try await worker.finish(worker.take(), .exception)
            }
            let shown = try await live.admin.json("/api/v1/workers").items[0]
            #expect(shown.state.string == "quarantined")
            #expect(shown.quarantined_until.string != nil)
            _ = try await live.build(in: repository, message: "4")
            let claim = Claim(freeSlots: 1, wait: 1)
            #expect(try await worker.sync(claim: claim).orders.isEmpty)
            let queue = try await live.admin.json("/api/v1/queue").items[0]
            #expect(queue.waiting_reason.string?.contains("in quarantine") == true)
            _ = try await live.admin.send("POST", "/api/v1/workers/w1/resume")
            _ = try await worker.take()
            #expect(try await live.admin.json("/api/v1/workers").items[0].state.string == "online")
        }
    }

    @Test func `a worker in trouble gets nothing, and its words are the reason`() async throws {
        try await withMaster { live in
            var worker = try await live.worker()
            worker.trouble = "less than 1GiB is free in /var/lib/slipway"
            _ = try await live.build(in: try await live.repository())
            #expect(try await worker.sync(claim: Claim(freeSlots: 1, wait: 1)).orders.isEmpty)
            let queue = try await live.admin.json("/api/v1/queue").items[0]
            #expect(
                queue.waiting_reason.string
                    == "Every worker that could run it is in trouble: "
                    + "w1 (less than 1GiB is free in /var/lib/slipway)."
            )
            let shown = try await live.admin.json("/api/v1/workers").items[0]
            #expect(shown.state.string == "troubled")
            worker.trouble = nil
            _ = try await worker.take()
        }
    }

    @Test func `a paused queue starts nothing until it is resumed`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let body = Data(#"{"labels": [], "reason": "moving house"}"#.utf8)
            let paused = try await live.admin.send("POST", "/api/v1/queue/pause", body: body)
            #expect(paused.status == 204)
            _ = try await live.build(in: try await live.repository())
            #expect(try await worker.sync(claim: Claim(freeSlots: 1, wait: 1)).orders.isEmpty)
            let queue = try await live.admin.json("/api/v1/queue").items[0]
            #expect(queue.waiting_reason.string == "This queue was paused by admin: moving house")
            _ = try await live.admin.send("POST", "/api/v1/queue/resume", body: Data("{}".utf8))
            _ = try await worker.take()
            let twice = try await live.admin.send("POST", "/api/v1/queue/resume")
            #expect(twice.status == 409)
        }
    }
}
