import AsyncHTTPClient
import Core
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Master

/// What strangers may take of the memory, over real HTTP and with the limits that ship.
@Suite(.serialized) struct HookFloodTests {
    /// A body that is being sent and does not end.
    private struct OpenBody {
        let pieces: AsyncStream<ByteBuffer>.Continuation
        let answer: Task<Int, any Error>

        init(_ live: LiveMaster, bytes: Int) {
            let (stream, pieces) = AsyncStream.makeStream(of: ByteBuffer.self)
            self.pieces = pieces
            for _ in 0..<(bytes >> 20) {
                pieces.yield(ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20))
            }
            var request = HTTPClientRequest(url: "\(live.url)/hooks/github/shop")
            request.method = .POST
            request.headers = [
                "X-GitHub-Event": "push",
                "X-Hub-Signature-256": "sha256=" + String(repeating: "0", count: 64),
            ]
            request.body = .stream(stream, length: .unknown)
            let http = live.http
            // Unstructured, since it must go on while the test looks; awaited by `end`.
            answer = Task { [request] in
                Int(try await http.execute(request, timeout: .seconds(60)).status.code)
            }
        }

        func end() async -> Int? {
            pieces.finish()
            return try? await answer.value
        }
    }

    private func inFlight(_ live: LiveMaster) async throws -> Int {
        let metrics = try await live.admin.get("/metrics").text
        let line = metrics.split(separator: "\n").first {
            $0.hasPrefix("slipway_hook_unproved_bytes ")
        }
        return try #require(line.flatMap { Int($0.split(separator: " ")[1]) })
    }

    @Test func `many bodies at once have a bound together, and who is signed gets through`()
        async throws
    {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            let flood = (0..<10).map { _ in OpenBody(live, bytes: 8 << 20) }
            try await eventually("the room is used up") {
                try await inFlight(live) > 40 << 20
            }
            // Beyond 48 MiB only small bodies find room.
            let body = try Forging.body("github-push.json")
            for id in ["a", "b", "c"] {
                let small = try await forging.send(.github, event: "push", id: id, body)
                #expect(small.status == 202)
            }
            let padding = String(repeating: " ", count: 9 << 20)
            let large = try await forging.send(.github, event: "push", id: "d", body + padding)
            #expect(large.status == 503)
            #expect(large.answer.detail.string?.contains("send it again") == true)
            // GitLab's token says before the body who it is; a wrong one is not listened to.
            let token = try await forging.send(
                .gitlab,
                event: "Push Hook",
                id: "e",
                try Forging.body("gitlab-push.json")
            )
            #expect(token.status == 202)
            #expect(try await inFlight(live) <= 48 << 20)

            var answers: [Int?] = []
            for open in flood { answers.append(await open.end()) }
            #expect(answers.allSatisfy { $0 == 401 || $0 == 503 || $0 == nil }, "\(answers)")
            #expect(answers.contains(401))
            #expect(!answers.allSatisfy { $0 == 401 })
            try await eventually("everything is given back") { try await inFlight(live) == 0 }
            let again = try await forging.send(.github, event: "push", id: "d", body + padding)
            #expect(again.status == 202, "\(again.answer)")
        }
    }

    @Test func `what is not proved is counted by repository, and by no made-up name`() async throws
    {
        try await withMaster { live in
            _ = try await live.repository()
            let forging = try await Forging(live)
            var stranger = forging
            stranger.repository = "nowhere"
            let body = try Forging.body("github-push.json")
            let headers = forging.headers(.github, event: "push", id: "a", body: body)
            for _ in 0..<3 { _ = try await forging.post(.github, headers, body + " ") }
            for _ in 0..<2 { _ = try await stranger.post(.github, headers, body) }
            let metrics = try await live.admin.get("/metrics").text
            #expect(metrics.contains(#"slipway_hook_failures{repository="shop"} 3"#))
            #expect(metrics.contains(#"slipway_hook_failures{repository=""} 2"#))
            #expect(!metrics.contains("nowhere"))
            let hook = try await live.admin.json("/api/v1/repositories/shop/hook")
            #expect(hook.failures == 3)
            #expect(hook.last_failure_at.string != nil)
        }
    }

    @Test func `a body that does not end is given up`() async throws {
        var limits = HookBodies.Limits()
        limits.time = .milliseconds(200)
        let bodies = HookBodies(limits: limits)
        let (stream, pieces) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        pieces.yield(ByteBuffer(string: "half"))
        let problem = await #expect(throws: RequestProblem.self) {
            _ = try await bodies.proved(stream, length: nil) { _ in }
        }
        #expect(problem?.status == .requestTimeout)
        #expect(bodies.inFlight == 0)
    }

    @Test func `a body that says that it is too long is not waited for`() async throws {
        let bodies = HookBodies()
        let (stream, _) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        let problem = await #expect(throws: RequestProblem.self) {
            _ = try await bodies.proved(stream, length: 11 << 20) { _ in }
        }
        #expect(problem?.status == .contentTooLarge)
    }
}
