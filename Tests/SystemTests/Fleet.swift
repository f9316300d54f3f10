import Foundation
import TestSupport
import Testing

/// Builds that run while their master or worker is killed, and what must be true of them after.
///
/// Each build has three jobs of three steps side by side, and a fourth that publishes. Every step
/// writes to the ledger first, so that a second run of it would show.
struct Fleet {
    let repository: SampleRepository
    let ledger: Ledger
    private(set) var shas: [String] = []

    private static let sides = ["port", "keel", "starboard"]
    private static let steps = ["lay", "weld", "paint"]
    private static let lines = 400

    init(repository: SampleRepository, ledger: Ledger) {
        self.repository = repository
        self.ledger = ledger
    }

    /// Pushes one more build to a branch of its own, so that no push hides another.
    mutating func launch() async throws {
        var files = ["pipelines/main.yml": Self.pipeline]
        for step in Self.steps {
            files["\(step).sh"] = """
                \(ledger.mark("$CI_COMMIT_SHA $CI_JOB_NAME \(step)"))
                i=0
                while [ $i -lt \(Self.lines) ]; do
                    echo "$CI_JOB_NAME \(step) $i of \(Self.lines)"
                    i=$((i + 1))
                    [ $((i % 100)) != 0 ] || sleep 0.1
                done
                """
        }
        files["hull.txt"] = "hull \(shas.count)\n"
        let sha = try await repository.commit(files, message: "Launch \(shas.count)")
        try await repository.push(to: "hull-\(shas.count)")
        shas.append(sha)
    }

    /// How many have been pushed and have not ended, as far as the server can be asked.
    func afloat(on server: Server) async -> Int {
        guard let builds = try? await server.builds() else { return shas.count }
        return shas.count - builds.count { $0.state == "finished" }
    }

    /// Waits for all, and checks each against what its steps did, outside and inside Slipway.
    func check(on server: Server, _ worker: Server?) async throws {
        let builds = try await eventually("every build ends", within: .seconds(120)) {
            let builds = try await server.builds()
            let isOver = builds.allSatisfy { $0.state == "finished" }
            return isOver && builds.count >= shas.count ? builds : nil
        }
        #expect(builds.compactMap(\.sha.string).sorted() == shas.sorted())
        #expect(ledger.lines.sorted() == marks.sorted())
        for row in builds {
            let build = try await server.api.json("/api/v1/builds/\(row.id.int ?? 0)")
            #expect(build.result == "success", "\(build)")
            try await checkLogs(of: build, on: server)
        }
        let releases = try await server.api.json("/cs/v1/releases/shop?limit=200")
            .items.elements
        #expect(releases.count == shas.count)
        #expect(Set(releases.compactMap(\.commit.string)) == Set(shas))
        try await server.leavesNoContainer(of: worker)
    }

    private func checkLogs(of build: JSON, on server: Server) async throws {
        for side in Self.sides {
            for (index, step) in Self.steps.enumerated() {
                let expected = (0..<Self.lines)
                    .map { "\(side) \(step) \($0) of \(Self.lines)\n" }
                    .joined()
                let log = try await server.log(of: build.job(side), step: index + 1)
                let isWhole = log == Data(expected.utf8)
                #expect(
                    isWhole,
                    "\(build.number) \(side) \(step): \(log.count) of \(expected.utf8.count) bytes"
                )
            }
        }
    }

    /// What the ledger must hold, each once.
    private var marks: [String] {
        shas.flatMap { sha in
            Self.sides.flatMap { side in Self.steps.map { "\(sha) \(side) \($0)" } }
        }
    }

    private static var pipeline: String {
        let jobs = sides.map { side in
            let runs = steps.map { "{ name: \($0), run: \"sh \($0).sh\" }" }
            return "  \(side): { steps: [\(runs.joined(separator: ", "))] }\n"
        }
        return """
            on: { push: {} }
            defaults: { image: "busybox:1" }
            jobs:
            \(jobs.joined())
              launch:
                needs: [\(sides.joined(separator: ", "))]
                steps:
                  - run: mkdir dist && cp hull.txt dist/
                  - publish: { from: dist, version: "1.0.${{ build }}" }
            """
    }
}
