import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct LogTests {
    private func withJob(
        _ body: (LiveMaster, FakeWorker, JobOrder, String) async throws -> Void
    ) async throws {
        try await withMaster { live in
            let worker = try await live.worker()
            _ = try await live.build(in: try await live.repository())
            let order = try await worker.take()
            try await body(live, worker, order, "/api/v1/jobs/\(order.job)/steps/1/log")
        }
    }

    @Test func `bytes that are there are skipped and a gap names where to go on`() async throws {
        try await withJob { live, worker, order, path in
            let first = try await worker.upload("hello", at: 0, of: order)
            #expect(first.status == 204)
            #expect(first.headers["expected-offset"] == "5")
            let again = try await worker.upload("hello", at: 0, of: order)
            #expect(again.headers["expected-offset"] == "5")
            let overlap = try await worker.upload("lo, you", at: 3, of: order)
            #expect(overlap.headers["expected-offset"] == "10")
            let gap = try await worker.upload("!", at: 11, of: order)
            #expect(gap.status == 416)
            #expect(gap.headers["expected-offset"] == "10")
            let nothing = try await worker.upload("", at: 0, of: order)
            #expect(nothing.headers["expected-offset"] == "10")
            #expect(try await live.admin.get(path).text == "hello, you")
        }
    }

    @Test func `a log comes back byte for byte, whole and in ranges`() async throws {
        try await withJob { live, worker, order, path in
            let bytes = Data([0xFF, 0x00, 0x0D, 0x0A, 0x1B, 0x5B, 0x31, 0x6D, 0xC3])
            let place = "/worker/v1/attempts/\(order.attempt)/steps/1/log"
            let upload = try await worker.api.send(
                "PUT",
                "\(place)?fence=\(order.fence)&offset=0",
                body: bytes
            )
            #expect(upload.status == 204)
            let whole = try await live.admin.get(path)
            #expect(whole.body == bytes)
            #expect(whole.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(whole.headers["content-security-policy"] == "sandbox; default-src 'none'")
            let cases: [(String, Int, Range<Int>, String?)] = [
                ("bytes=1-3", 206, 1..<4, "bytes 1-3/9"), ("bytes=4-", 206, 4..<9, "bytes 4-8/9"),
                ("bytes=-2", 206, 7..<9, "bytes 7-8/9"), ("bytes=0-99", 206, 0..<9, "bytes 0-8/9"),
                ("bytes=9-", 416, 0..<0, "bytes */9"), ("bytes=0-1,3-4", 200, 0..<9, nil),
                ("lines=1-2", 200, 0..<9, nil), ("bytes=5-2", 200, 0..<9, nil),
            ]
            for (range, status, part, contentRange) in cases {
                let answer = try await live.admin.get(path, headers: ["range": range])
                #expect(answer.status == status, "\(range)")
                #expect(answer.body == bytes[part], "\(range)")
                #expect(answer.headers["content-range"] == contentRange, "\(range)")
            }
        }
    }

    @Test func `a finish before all its bytes is told where to go on, then taken`() async throws {
        try await withJob { live, worker, order, path in
            _ = try await worker.upload("hel", at: 0, of: order)
            let early = try await worker.finish(order, log: "hello")
            #expect(early.verdict == .logIncomplete)
            #expect(early.expected == ["1": 3])
            let running = try await live.admin.json("/api/v1/jobs/\(order.job)")
            #expect(running.state.string == "running")
            _ = try await worker.upload("lo", at: 3, of: order)
            #expect(try await worker.finish(order, log: "hello").verdict == .ok)
            let step = try await live.admin.json("/api/v1/jobs/\(order.job)").steps[1]
            #expect(step.log_bytes.int == 5)
            #expect(step.log_gap == .null)
            #expect(try await live.admin.get(path).text == "hello")
        }
    }

    @Test func `a log that is not what the worker read says so`() async throws {
        try await withJob { live, worker, order, _ in
            _ = try await worker.upload("jello", at: 0, of: order)
            #expect(try await worker.finish(order, log: "hello").verdict == .ok)
            let step = try await live.admin.json("/api/v1/jobs/\(order.job)").steps[1]
            #expect(step.log_gap.string?.contains("not the one the worker read") == true)
        }
    }

    @Test func `following a log gives what is there, what comes, and ends with the step`()
        async throws
    {
        try await withJob { live, worker, order, path in
            _ = try await worker.upload("hello", at: 0, of: order)
            var text = try await live.stream("\(path)?follow=1")
            try await text.read { $0 == "hello" }
            var events = try await live.stream(
                "\(path)?offset=2",
                headers: [("Accept", "text/event-stream")]
            )
            try await events.read { $0.contains(#"{"offset":2,"text":"llo"}"#) }
            _ = try await worker.upload(", you", at: 5, of: order)
            try await text.read { $0 == "hello, you" }
            try await events.read { $0.contains(#"id: 10"#) && $0.contains(#""text":", you""#) }
            let ended = StepReport(index: 1, state: .finished, result: .success, logLength: 10)
            #expect(try await worker.beat(order, steps: [ended]) == .ok)
            try await text.readToEnd()
            #expect(text.text == "hello, you")
            try await events.readToEnd()
            #expect(events.text.hasSuffix("event: end\ndata: {}\n\n"))
        }
    }

    @Test func `a browser that comes back goes on where it was`() async throws {
        try await withJob { live, worker, order, path in
            _ = try await worker.upload("hello", at: 0, of: order)
            _ = try await worker.finish(order, log: "hello")
            let answer = try await live.admin.get(
                path,
                headers: ["accept": "text/event-stream", "last-event-id": "3"]
            )
            #expect(answer.text.contains(#"{"offset":3,"text":"lo"}"#))
            #expect(!answer.text.contains("hel"))
        }
    }

    @Test func `a log that does not exist is not there, and one without bytes is empty`()
        async throws
    {
        try await withJob { live, _, order, path in
            let empty = try await live.admin.get(path)
            #expect(empty.status == 200 && empty.body.isEmpty)
            for path in ["/api/v1/jobs/999/steps/1/log", "/api/v1/jobs/\(order.job)/steps/9/log"] {
                #expect(try await live.admin.get(path).status == 404)
            }
        }
    }

    // MARK: Limits

    @Test func `bodies over their limit are refused, with the limit`() async throws {
        try await withJob { live, worker, order, _ in
            let big = String(repeating: "x", count: WorkerProtocol.logChunkMax + 1)
            let upload = try await worker.upload(big, at: 0, of: order)
            #expect(upload.status == 413)
            #expect(upload.json.detail.string?.contains("1048576") == true)
            let most = String(big.dropFirst())
            #expect(try await worker.upload(most, at: 0, of: order).status == 204)
            let body = try await live.admin.post(
                "/api/v1/repositories",
                ["name": .string(String(repeating: "x", count: 3 << 20)), "url": "/a"]
            )
            #expect(body.status == 413)
            let form = try await live.exchange(
                "POST",
                "/login",
                body: "token=" + String(repeating: "x", count: 65 << 10)
            )
            #expect(form.status == 413)
            #expect(try await live.admin.get("/healthz").status == 200)
        }
    }

    @Test func `a log has an end, however far its offset says to go on`() async throws {
        try await withJob { _, worker, order, _ in
            let beyond = try await worker.upload("x", at: 1 << 40, of: order)
            #expect(beyond.status == 400)
            let before = try await worker.upload("x", at: -1, of: order)
            #expect(before.status == 400)
            let noStep = try await worker.upload("x", at: 0, of: order, step: 100_000)
            #expect(noStep.status == 404)
        }
    }

    @Test(arguments: ["", "[]", "{", #"{"name":1}"#, "\u{0}", #"{"name":"a"}"#])
    func `a body that is none is refused in words`(body: String) async throws {
        try await withMaster { live in
            let answer = try await live.admin.send(
                "POST",
                "/api/v1/repositories",
                body: Data(body.utf8)
            )
            #expect(answer.status == 400)
            #expect(answer.json.detail.string?.hasPrefix("The body is not what") == true)
        }
    }
}
