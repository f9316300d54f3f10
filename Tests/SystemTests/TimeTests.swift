import Foundation
import TestSupport
import Testing

extension SystemTests {
    /// `kill -9` while times come: what starts builds are rows, and each of them starts one.
    @Suite struct TimeTests {
        private static let pushes = 8
        private static let delayed = 12

        /// Builds that end at once, so that no worker is needed.
        private static func pipeline(_ on: String) -> String {
            """
            on: \(on)
            jobs:
              nothing: { if: "false", image: "busybox:1", steps: [{ run: "true" }] }
            """
        }

        @Test(.timeLimit(.minutes(4)))
        func `killed masters start each schedule, follow-up and delayed build exactly once`()
            async throws
        {
            try await withServer(.master) { master, scratch in
                let repository = try await SampleRepository(in: scratch)
                try await master.add(repository)
                try await repository.push([
                    "pipelines/first.yml": Self.pipeline("{ push: { branches: [\"b*\"] } }"),
                    "pipelines/next.yml": Self.pipeline(
                        "{ pipeline: { name: first, result: skipped } }"
                    ),
                    "pipelines/clock.yml": Self.pipeline("{ schedule: [{ cron: \"* * * * *\" }] }"),
                    "pipelines/late.yml": """
                    on: manual
                    image: busybox:1
                    steps: [{ run: "true" }]
                    """,
                ])
                let before = try await eventually("the schedule") {
                    try await Self.nextTime(on: master)
                }
                try await Self.delay(Self.delayed, on: master)
                var shas: [String] = []
                repeat {
                    if shas.count < Self.pushes {
                        let sha = try await repository.commit(["n.txt": "\(shas.count)"])
                        try await repository.push(to: "b\(shas.count)")
                        shas.append(sha)
                    }
                    try await randomMoment(in: 50...1_200)
                    try await master.kill9()
                    try master.start()
                    try await master.ready()
                } while Date() < before || shas.count < Self.pushes

                let ends = try await eventually("all is done", within: .seconds(60)) {
                    let ends = try await Self.builds("next", on: master)
                    let held = try await Self.held(on: master)
                    let after = try await Self.nextTime(on: master)
                    let isOver = ends.count >= shas.count && held == 0 && after ?? before > before
                    return isOver ? ends : nil
                }
                #expect(ends.compactMap(\.sha.string).sorted() == shas.sorted())
                let firsts = try await Self.builds("first", on: master)
                #expect(firsts.compactMap(\.sha.string).sorted() == shas.sorted())
                #expect(try await Self.builds("late", on: master).count == Self.delayed)
                try await Self.checkClock(since: before, on: master)
            }
        }

        /// Each minute that has come has its build, and none has two.
        private static func checkClock(since before: Date, on master: Server) async throws {
            try await eventually("each minute has one build") {
                guard let next = try await nextTime(on: master) else { return false }
                let minutes = Int((next.timeIntervalSince(before) / 60).rounded())
                let builds = try await builds("clock", on: master)
                let late = builds.compactMap(\.reason.string).filter { $0.contains("made up") }
                return late.isEmpty && builds.count == minutes
            }
        }

        private static func delay(_ count: Int, on master: Server) async throws {
            for number in 0..<count {
                let date = Date().addingTimeInterval(1 + Double(number) / 2)
                let answer = try await master.api.post(
                    "/api/v1/repositories/shop/builds",
                    [
                        "pipeline": "late",
                        "not_before": .string(date.formatted(.iso8601)),
                    ]
                )
                #expect(answer.status == 201, "\(answer.text)")
            }
        }

        private static func held(on master: Server) async throws -> Int {
            var held = 0
            for build in try await builds("late", on: master) {
                let whole = try await master.api.json("/api/v1/builds/\(build.id.int ?? 0)")
                if whole.holds != .null { held += 1 }
            }
            return held
        }

        private static func builds(_ pipeline: String, on master: Server) async throws -> [JSON] {
            let path = "/api/v1/repositories/shop/builds?limit=200&pipeline=\(pipeline)"
            return try await master.api.json(path).items.elements
        }

        private static func nextTime(on master: Server) async throws -> Date? {
            let path = "/api/v1/repositories/shop/schedules"
            let schedule = try await master.api.json(path).items.elements.first
            guard let text = schedule?.next[0].string else { return nil }
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            return try Date(text, strategy: style)
        }
    }
}
