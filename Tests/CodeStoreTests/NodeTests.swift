import CodeStore
import Core
import Foundation
import TestSupport
import Testing

@Suite struct NodeTests {
    @Test func `a node is shown with what it runs and what it prepared`() async throws {
        try await withStore { store, _ in
            let one = try await store.publish("1", ["a": "x"]).release.digest
            let two = try await store.publish("2", ["a": "y"]).release.digest
            var report = NodeReport(
                id: "pay-01",
                unit: "shop",
                channel: "dev",
                seenRev: 2,
                prepared: two,
                active: one,
                errors: ["ImportError: libpq.so.5"],
                host: "pay-01.example",
                pid: 4711
            )
            try store.report(report, at: dawn)
            let node = try #require(try await store.nodes(of: "shop").first)
            #expect(node.report == report)
            #expect(node.activeVersion == "1")
            #expect(node.preparedVersion == "2")
            #expect(node.seenAt == dawn)
            report.active = digest([9])
            try store.report(report, at: dawn + 10)
            let nodes = try await store.nodes()
            #expect(nodes.count == 1)
            #expect(nodes.first?.activeVersion == nil)
            #expect(try await store.nodes(of: "other").isEmpty)
        }
    }

    @Test func `nodes are remembered once they are written down`() async throws {
        try await withScratch { scratch in
            var store = try CodeStoreDatabase(path: scratch.path("store.db"))
            try await store.publish("1", ["a": "x"])
            for id in ["b", "a"] {
                let report = NodeReport(id: id, unit: "shop", channel: "dev", errors: ["é\n"])
                try store.report(report, at: dawn)
            }
            try await store.writeNodes(at: dawn)
            let before = try await store.nodes()
            try store.close()
            store = try CodeStoreDatabase(path: scratch.path("store.db"))
            #expect(try await store.nodes() == before)
            #expect(before.map(\.report.id) == ["a", "b"])
            try store.close()
        }
    }

    @Test func `a node silent for a day is forgotten`() async throws {
        try await withStore { store, scratch in
            try await store.publish("1", ["a": "x"])
            for (id, at) in [("old", dawn), ("new", dawn + 20 * hour)] {
                try store.report(NodeReport(id: id, unit: "shop", channel: "dev"), at: at)
            }
            try await store.writeNodes(at: dawn + 23 * hour)
            #expect(try await store.nodes().count == 2)
            try await store.writeNodes(at: dawn + 25 * hour)
            #expect(try await store.nodes().map(\.report.id) == ["new"])
            #expect(try Look(scratch).texts("SELECT id FROM node") == ["new"])
        }
    }

    @Test func `there are never more nodes than the limit`() async throws {
        try await withStore { store, scratch in
            try await store.publish("1", ["a": "x"])
            for number in 0..<10_005 {
                let report = NodeReport(id: "n\(number)", unit: "shop", channel: "dev")
                try store.report(report, at: dawn + Double(number))
            }
            try await store.writeNodes(at: dawn + 10_005)
            #expect(try Look(scratch).number("SELECT count(*) FROM node") == 10_000)
            #expect(try await !store.nodes().contains { $0.report.id == "n0" })
        }
    }

    @Test func `errors are cut to their limits, between characters`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            let long = String(repeating: "é", count: 5000)
            let report = NodeReport(
                id: "n",
                unit: "shop",
                channel: "dev",
                errors: Array(repeating: long, count: 40)
            )
            try store.report(report, at: dawn)
            let errors = try #require(try await store.nodes().first?.report.errors)
            #expect(errors.count == NodeReport.errorsMax)
            #expect(errors.allSatisfy { $0.utf8.count <= NodeReport.errorBytesMax })
            #expect(errors.first?.hasSuffix("é…") == true)
        }
    }

    @Test func `nonsense is refused`() async throws {
        try await withStore { store, _ in
            try await store.publish("1", ["a": "x"])
            for id in ["", "a b", "a\n", String(repeating: "a", count: 129)] {
                #expect(throws: CodeStoreError.self) {
                    try store.report(NodeReport(id: id, unit: "shop", channel: "dev"), at: dawn)
                }
            }
            #expect(throws: CodeStoreError.notFound("there is no channel 'shop/moon'")) {
                try store.report(NodeReport(id: "n", unit: "shop", channel: "moon"), at: dawn)
            }
        }
    }
}
