import Core
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import Wire

@Suite struct EventTests {
    /// The numbers of the events in a stream's text.
    private func ids(_ text: String) -> [Int64] {
        text.matches(of: #/(?m)^id: (\d+)$/#).compactMap { Int64($0.1) }
    }

    @Test func `events grow in number, and who comes back misses none`() async throws {
        try await withMaster { live in
            var events = try await live.stream("/api/v1/events")
            try await events.read { $0.contains("retry: 2000") }
            let repository = try await live.repository()
            let build = try await live.build(in: repository)
            let id = try #require(build.id.int)
            try await events.read { text in
                text.contains("event: repository\n") && text.contains("event: build\n")
                    && text.contains("\"build\":\(id)")
            }
            let known = ids(events.text)
            #expect(known == known.sorted())
            #expect(Set(known).count == known.count)
            let first = try #require(known.first)
            var again = try await live.stream(
                "/api/v1/events",
                headers: [("Last-Event-ID", String(first))]
            )
            let rest = Array(known.dropFirst())
            try await again.read { ids($0).count >= rest.count }
            #expect(Array(ids(again.text).prefix(rest.count)) == rest)
            #expect(!again.text.contains("event: reset"))
        }
    }

    @Test func `who was away for too long is told to look anew`() async throws {
        try await withMaster { live in
            _ = try await live.repository()
            var events = try await live.stream("/api/v1/events?since=1")
            try await events.read { $0.contains("event: reset\n") }
        }
    }

    @Test func `a name cannot break out of its event`() async throws {
        try await withMaster { live in
            let admin = live.admin
            var events = try await live.stream("/api/v1/events")
            try await events.read { $0.contains("retry:") }
            let report: JSON = ["unit": "a\"\n\nevent: evil\ndata: {}\n\n", "channel": "dev"]
            let answer = try await admin.post("/cs/v1/nodes/n1", report)
            _ = try await live.repository()
            try await events.read { $0.contains("event: repository\n") }
            #expect(!events.text.contains("\nevent: evil"))
            #expect([204, 400, 404].contains(answer.status))
        }
    }
}
