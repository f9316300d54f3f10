import Core
import Foundation
import Testing

@Suite struct HoldTests {
    private let noon = Date(timeIntervalSince1970: 1_750_000_000)

    private func graph(isCancelled: Bool = false, _ holds: [BuildHold]) -> JobGraph {
        let nodes = [("a", []), ("b", ["a"])].enumerated().map { index, job in
            JobGraph.Node(
                id: JobID(Int64(index)),
                name: job.0,
                needs: job.1,
                condition: .success,
                state: .blocked
            )
        }
        return JobGraph(nodes: nodes, isCancelled: isCancelled, holds: holds)
    }

    @Test func `a held build keeps all its jobs, and each says why`() {
        let advance = graph([.time(until: noon), .approval("A maintainer must approve it.")])
            .advanced()
        let reason =
            "It was asked for no sooner than 2025-06-15 15:06 UTC. A maintainer must approve it."
        #expect(
            advance.steps == [
                .hold(JobID(0), reason: reason), .hold(JobID(1), reason: reason),
            ]
        )
        #expect(advance.verdict == nil)
    }

    @Test func `without holds it goes on as any other`() {
        #expect(graph([]).advanced().steps == [.ready(JobID(0)), .wait(JobID(1), on: ["a"])])
    }

    @Test func `a held build can be cancelled`() {
        #expect(graph(isCancelled: true, [.time(until: noon)]).advanced().verdict == .cancelled)
    }
}
