import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct HookTests {
        /// `SLIPWAY_HOOK_KILLS=20 SLIPWAY_HOOK_MOVES=5000` is the whole storm: 10,000 deliveries.
        private static let kills = number("SLIPWAY_HOOK_KILLS") ?? 4
        private static let moves = number("SLIPWAY_HOOK_MOVES") ?? 200

        @Test(.timeLimit(.minutes(30)))
        func `deliveries while the master is killed make one build each`() async throws {
            try await withServer(.master) { master, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await master.add(repository)
                let storm = try await HookStorm(master, repository)
                var pushed: [String] = []
                for round in 0..<Self.kills {
                    let moves = try await storm.push(round, branches: Self.moves / Self.kills)
                    pushed += moves.map(\.sha)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { try await storm.deliver(moves) }
                        group.addTask {
                            try await randomMoment(in: 20...600)
                            try await master.kill9()
                            try master.start()
                            try await master.ready()
                        }
                        try await group.waitForAll()
                    }
                }
                try await eventually("every delivery was acted on", within: .seconds(600)) {
                    try await storm.isCalm()
                }
                let started = try await storm.started()
                #expect(started.count == pushed.count)
                #expect(started.sorted() == pushed.sorted())
                let page = try await master.api.json("/api/v1/repositories/shop")
                #expect(page.fetch_error == .null)
            }
        }

        private static func number(_ name: String) -> Int? {
            ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
        }
    }
}
