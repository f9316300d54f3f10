import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@testable import Master

/// One master after the other: each has many files open.
@Suite(.serialized) struct GateTests {
    private static let pipeline = """
        jobs:
          ship:
            image: busybox:1
            steps:
              - run: make
              - gate: { name: go-live, approvers: ["team:release", ben], min: 2 }
              - run: ship
        """

    /// A job that has come to its gate.
    private func job(_ live: LiveMaster, _ worker: FakeWorker) async throws -> JobOrder {
        _ = try await live.build(Self.pipeline, in: try await live.repository())
        let order = try await worker.take()
        let answer = try await worker.stop(order, atGate: 2, log: "made\n")
        #expect(answer.verdict == .ok)
        return order
    }

    private func member(_ live: LiveMaster, _ name: String, _ teams: [String]) async throws -> API {
        let answer = try await live.admin.post(
            "/api/v1/tokens",
            [
                "name": .string(name), "kind": "developer",
                "teams": .array(teams.map { .string($0) }),
            ]
        )
        #expect(answer.status == 201)
        return API(base: live.url, token: answer.json.token.string)
    }

    @Test func `two people open a gate, and the job goes on behind it as one job`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let order = try await job(live, worker)
            let path = "/api/v1/jobs/\(order.job)/gates/go-live"
            let waiting = try await live.admin.json("/api/v1/jobs/\(order.job)")
            #expect(waiting.state.string == "waiting")
            #expect(
                waiting.waiting_reason.string == "It waits at the gate go-live: 0 of 2 approvals; "
                    + "may be opened by team release, ben."
            )
            #expect(waiting.steps[2].state.string == "running")
            #expect(waiting.steps[2].kind.string == "gate")
            #expect(try await live.admin.json("/api/v1/gates").items[0].build.int != nil)
            #expect(try await live.admin.json("/api/v1/workers").items[0].running.elements.isEmpty)

            // The administrator is not asked, and a team cannot be claimed.
            #expect(try await live.admin.post("\(path)/approvals").status == 403)
            #expect(try await member(live, "dora", ["ops"]).post("\(path)/approvals").status == 403)
            let ann = try await member(live, "ann", ["release"])
            for _ in 1...2 {
                let said = try await ann.post("\(path)/approvals", ["reason": "good"])
                #expect(said.status == 201)
                #expect(said.json.state.string == "waiting")
                #expect(said.json.approvals.int == 1)
            }
            let ben = try await member(live, "ben", [])
            let opened = try await ben.post("\(path)/approvals")
            #expect(opened.json.state.string == "open")
            #expect(try await ben.post("\(path)/approvals").status == 403)

            let behind = try await worker.take()
            #expect(behind.job == order.job)
            #expect(behind.fence > order.fence)
            #expect(behind.spec.steps.map { $0.skipReason == nil } == [false, false, true])
            #expect(try await worker.finish(behind).verdict == .ok)
            let done = try await live.admin.json("/api/v1/builds/\(order.build)")
            #expect(done.result.string == "success")
            #expect(
                done.jobs[0].steps.elements.map(\.result.string)
                    == Array(repeating: "success", count: 4)
            )
            #expect(done.jobs[0].steps[2].reason.string == "opened by ann, ben")
            let log = try await live.admin.get("/api/v1/jobs/\(order.job)/steps/1/log")
            #expect(log.text == "made\n")
            let gates = try await live.admin.json("/api/v1/builds/\(order.build)/gates")
            #expect(gates.items[0].words.elements.map(\.actor.string) == ["ann", "ben"])
            #expect(gates.items[0].words[0].reason.string == "good")
        }
    }

    @Test func `who wrote the commit may reject but not open it`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            let order = try await job(live, worker)
            let path = "/api/v1/jobs/\(order.job)/gates/go-live"
            // The address of the sample repository's author begins with this name.
            let ada = try await member(live, "ada", ["release"])
            let refused = try await ada.post("\(path)/approvals")
            #expect(refused.status == 403)
            #expect(refused.json.detail.string?.contains("somebody else") == true)
            let rejected = try await ada.post("\(path)/rejections", ["reason": "a typo"])
            #expect(rejected.json.state.string == "rejected")
            let build = try await live.admin.json("/api/v1/builds/\(order.build)")
            #expect(build.result.string == "failure")
            #expect(build.jobs[0].reason.string == "the gate go-live was rejected by ada: a typo")
            #expect(
                try await live.admin.post("/api/v1/jobs/\(order.job)/gates/x/approvals").status
                    == 404
            )
        }
    }

    @Test func `the page shows the gate, and its form opens it with the form's token`() async throws
    {
        try await withMaster { live in
            let worker = try await live.worker()
            let order = try await job(live, worker)
            let token = try await member(live, "ann", ["release"]).token ?? ""
            let login = try await live.exchange("POST", "/login", body: "token=\(token)")
            let header = try #require(login.headers.first(name: "set-cookie"))
            let cookie = String(header.prefix { $0 != ";" })
            let page = try await live.exchange(
                "GET",
                "/builds/\(order.build)",
                headers: [("Cookie", cookie)]
            )
            let action = "/jobs/\(order.job)/gates/go-live/approvals"
            #expect(page.body.contains(action))
            #expect(page.body.contains("0 of 2 approvals"))
            let csrf = try #require(
                page.body.firstMatch(of: #/name="csrf" value="([0-9a-f]{64})"/#)
            )
            func send(_ body: String) async throws -> Int {
                try await live.exchange(
                    "POST",
                    action,
                    headers: [("Cookie", cookie)],
                    body: body
                ).status
            }
            #expect(try await send("reason=x") == 403)
            #expect(try await send("csrf=\(csrf.1)&reason=fine") == 303)
            let gate = try await live.admin.json("/api/v1/builds/\(order.build)/gates").items[0]
            #expect(gate.approvals.int == 1)
            #expect(gate.words[0].reason.string == "fine")
            let after = try await live.exchange("GET", "/builds/\(order.build)")
            #expect(after.body.contains("1 of 2 approvals"))
            #expect(!after.body.contains(action))
        }
    }

    @Test func `metrics say how the queue stands`() async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await job(live, worker)
            let arm = onePipeline.replacing("image:", with: "labels: [arm]\n    image:")
            _ = try await live.build(arm, in: try await live.repository("other"))
            let page = try await live.admin.get("/metrics")
            #expect(page.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            for line in [
                #"slipway_queue_jobs{labels="arm"} 1"#, "slipway_queues_unserved 1",
                "slipway_gates_waiting 1", "slipway_jobs_running 0", "slipway_workers_present 1",
                "slipway_jobs_blocked 1", "slipway_workers_quarantined 0",
            ] {
                #expect(page.text.contains("\n\(line)\n"), "\(line) in \(page.text)")
            }
        }
    }
}
