import Core
import Testing

@Suite struct RetryTests {
    private func node(
        _ number: Int64,
        needs: [String] = [],
        _ condition: Condition,
        _ result: BuildResult
    ) -> JobGraph.Node {
        JobGraph.Node(
            id: JobID(number),
            name: "j\(number)",
            needs: needs,
            condition: condition,
            state: .finished(result)
        )
    }

    @Test func `a retry of what failed keeps what ran green and needs nothing that runs again`() {
        let graph = JobGraph(
            nodes: [
                node(1, .success, .success), node(2, .success, .failure),
                node(3, needs: ["j2"], .always, .success),
                node(4, needs: ["j1"], .success, .warnings),
                node(5, needs: ["j2"], .success, .skipped),
            ],
            isCancelled: false
        )
        #expect(graph.keptByRetry() == [JobID(1), JobID(4)])
    }
}
