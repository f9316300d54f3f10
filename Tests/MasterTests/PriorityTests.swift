import Core
import TestSupport
import Testing
import Wire

@testable import Master

/// Priorities that people give to builds they start, over real HTTP.
@Suite struct PriorityTests {
    private static let builds = "/api/v1/repositories/shop/builds"

    @Test func `a build that was started with a higher priority goes first, and says so`()
        async throws
    {
        try await withMaster { live in
            let repository = try await live.repository()
            let pushed = try await live.build(in: repository)
            #expect(pushed.priority == .null)
            let viewer = try await live.api(.viewer)
            #expect(try await viewer.post(Self.builds, ["priority": 9]).status == 403)
            let developer = try await live.api(.developer)
            let answer = try await developer.post(Self.builds, ["priority": 9])
            #expect(answer.status == 201)
            let id = try #require(answer.json.builds[0].id.int)
            #expect(answer.json.builds[0].priority == 9)
            #expect(try await live.admin.json("/api/v1/builds/\(id)").priority == 9)
            let entries = try await live.admin.json("/api/v1/queue").items.elements
            #expect(entries.first { $0.build.int == id }?.priority == 9)
            #expect(entries.first { $0.build == pushed.id }?.priority == .null)
            let page = try await live.exchange("GET", "/builds/\(id)").body
            #expect(page.contains("<dt>Priority</dt><dd>+9</dd>"))
            #expect(try await live.exchange("GET", "/queue").body.contains("priority +9"))
            #expect(try await live.worker().claim().build == Int64(id))
        }
    }

    @Test(arguments: [-1_001, 1_001])
    func `a priority out of range is refused by name`(priority: Int) async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            let answer = try await live.admin.post(
                Self.builds,
                ["priority": .number(Double(priority))]
            )
            #expect(answer.status == 400)
            let detail = try #require(answer.json.detail.string)
            #expect(detail.contains("`priority`"))
            #expect(detail.contains("from -1000 to 1000"))
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
        }
    }

    @Test func `the form takes a priority, and refuses what is none`() async throws {
        try await withMaster { live in
            let repository = try await live.repository()
            _ = try await live.build(in: repository)
            let person = try await Visitor(live)
            let page = try await person.page("/repositories/shop")
            #expect(page.contains(#"name="priority" type="number" min="-1000" max="1000""#))
            let refused = try await person.send("/repositories/shop/builds", "priority=soon")
            #expect(refused.status == 303)
            #expect(try await live.admin.json("/api/v1/builds").items.elements.count == 1)
            let taken = try await person.send("/repositories/shop/builds", "priority=-7")
            #expect(taken.status == 303)
            #expect(try await live.admin.json("/api/v1/builds").items[0].priority == -7)
        }
    }
}
