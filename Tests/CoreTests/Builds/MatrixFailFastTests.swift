import Core
import Testing

@Suite struct MatrixFailFastTests {
    private func advance(_ nodes: [JobGraph.Node], isCancelled: Bool = false) -> JobGraph.Advance {
        JobGraph(nodes: nodes, isCancelled: isCancelled).advanced()
    }

    private let bystander = JobGraph.Node(
        id: JobID(9),
        name: "other",
        needs: [],
        condition: .success,
        state: .ready
    )

    private func matrix(_ states: [JobGraph.State], failFast: String? = "t") -> [JobGraph.Node] {
        states.enumerated().map { index, state in
            JobGraph.Node(
                id: JobID(Int64(index)),
                name: "t (a=\(index))",
                key: "t",
                needs: [],
                condition: .success,
                failFast: failFast,
                state: state
            )
        }
    }

    @Test func `the first failure of a matrix that fails fast ends the others`() {
        let reason = "t (a=1) failed, and its matrix fails fast"
        let states: [JobGraph.State] = [
            .ready, .finished(.failure), .running, .finished(.success), .finished(.exception),
        ]
        let advance = advance(matrix(states) + [bystander])
        #expect(
            advance.steps == [
                .finish(JobID(0), .skipped, reason: reason), .stop(JobID(2), reason: reason),
            ]
        )
        #expect(self.advance(matrix(states, failFast: nil)).steps.isEmpty)
    }

    @Test(arguments: [BuildResult.warnings, .success, .skipped, .cancelled, .retry])
    func `what is no failure ends nothing`(result: BuildResult) {
        #expect(advance(matrix([.finished(result), .running, .ready])).steps.isEmpty)
    }

    @Test func `the verdict is the failure, not that the others were stopped for it`() {
        let states: [JobGraph.State] = [.finished(.failure), .finished(.cancelled)]
        #expect(advance(matrix(states)).verdict == .failure)
        #expect(advance(matrix(states), isCancelled: true).verdict == .cancelled)
        #expect(advance(matrix(states, failFast: nil)).verdict == .cancelled)
    }
}
