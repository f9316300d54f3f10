import Core
import Testing

@Suite struct JobGraphTests {
    private static func node(
        _ number: Int64,
        needs: [String] = [],
        _ condition: Condition = .success,
        _ state: JobGraph.State = .blocked
    ) -> JobGraph.Node {
        JobGraph.Node(
            id: JobID(number),
            name: "j\(number)",
            needs: needs,
            condition: condition,
            state: state
        )
    }

    private func advance(_ nodes: [JobGraph.Node], isCancelled: Bool = false) -> JobGraph.Advance {
        JobGraph(nodes: nodes, isCancelled: isCancelled).advanced()
    }

    @Test func `jobs without needs may start, the others say what they wait for`() {
        let advance = advance([
            Self.node(1), Self.node(2), Self.node(3, needs: ["j1", "j2"]),
        ])
        #expect(
            advance.steps == [
                .ready(JobID(1)), .ready(JobID(2)), .wait(JobID(3), on: ["j1", "j2"]),
            ]
        )
        #expect(advance.verdict == nil)
    }

    @Test func `a job waits only for those of its needs that have not ended`() {
        let advance = advance([
            Self.node(1, .success, .finished(.success)), Self.node(2, .success, .running),
            Self.node(3, needs: ["j1", "j2"]),
        ])
        #expect(advance.steps == [.wait(JobID(3), on: ["j2"])])
    }

    @Test func `a warning is good enough for what depends on it`() {
        let advance = advance([
            Self.node(1, .success, .finished(.warnings)), Self.node(2, needs: ["j1"]),
        ])
        #expect(advance.steps == [.ready(JobID(2))])
    }

    @Test(arguments: [BuildResult.failure, .exception, .retry, .cancelled, .skipped])
    func `what did not succeed skips everything behind it, and each says because of whom`(
        result: BuildResult
    ) {
        let advance = advance([
            Self.node(1, .success, .finished(result)), Self.node(2, needs: ["j1"]),
            Self.node(3, needs: ["j2"]),
        ])
        #expect(
            advance.steps == [
                .finish(
                    JobID(2),
                    .skipped,
                    reason: "it needs j1 ended with \(result.rawValue)"
                ),
                .finish(JobID(3), .skipped, reason: "it needs j2 ended with skipped"),
            ]
        )
        #expect(advance.verdict == result)
    }

    @Test func `a failure is seen through a skipped job`() {
        let advance = advance([
            Self.node(1, .success, .finished(.failure)), Self.node(2, needs: ["j1"]),
            Self.node(3, needs: ["j2"], .failure),
        ])
        #expect(advance.steps.last == .ready(JobID(3)))
    }

    @Test func `a job for failures is skipped when nothing failed`() {
        let advance = advance([
            Self.node(1, .success, .finished(.success)), Self.node(2, needs: ["j1"], .failure),
        ])
        #expect(
            advance.steps == [
                .finish(JobID(2), .skipped, reason: "nothing that it needs failed")
            ]
        )
        #expect(advance.verdict == .success)
    }

    @Test func `a job that always runs still waits for its needs`() {
        let waiting = advance([
            Self.node(1, .success, .running), Self.node(2, needs: ["j1"], .always),
        ])
        #expect(waiting.steps == [.wait(JobID(2), on: ["j1"])])
        let ready = advance([
            Self.node(1, .success, .finished(.exception)), Self.node(2, needs: ["j1"], .always),
        ])
        #expect(ready.steps == [.ready(JobID(2))])
    }

    @Test func `a cancel ends what does not run yet and leaves the rest to its worker`() {
        let nodes = [
            Self.node(1, .success, .running), Self.node(2, .success, .ready),
            Self.node(3, needs: ["j1"], .always), Self.node(4, .success, .finished(.success)),
        ]
        let advance = advance(nodes, isCancelled: true)
        let reason = "the build was cancelled"
        #expect(
            advance.steps == [
                .finish(JobID(2), .cancelled, reason: reason),
                .finish(JobID(3), .cancelled, reason: reason),
            ]
        )
        #expect(advance.verdict == nil)
    }

    @Test func `the worst job is the build's verdict, and there is none before the last one`() {
        let ended: [BuildResult] = [.success, .warnings, .failure]
        let nodes = ended.enumerated().map { index, result in
            Self.node(Int64(index), .success, .finished(result))
        }
        #expect(advance(nodes).verdict == .failure)
        #expect(advance(nodes + [Self.node(9, .success, .running)]).verdict == nil)
        #expect(advance([]).verdict == .skipped)
    }

    @Test func `a need that does not exist skips the job instead of waiting for ever`() {
        let advance = advance([Self.node(1, needs: ["nobody"])])
        #expect(
            advance.steps == [
                .finish(JobID(1), .skipped, reason: "it needs nobody ended with skipped")
            ]
        )
    }

    /// Plays a whole build: whatever may start ends with a random result.
    @Test(arguments: 0..<200)
    func `every graph without a circle ends, and asking twice changes nothing`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var nodes = randomNodes(&random)
        for _ in 0...nodes.count {
            let graph = JobGraph(
                nodes: nodes,
                isCancelled: Int.random(in: 0..<40, using: &random) == 0
            )
            let advance = graph.advanced()
            for step in advance.steps { apply(step, to: &nodes) }
            let again = JobGraph(nodes: nodes, isCancelled: graph.isCancelled).advanced()
            #expect(again.verdict == advance.verdict)
            let isQuiet = again.steps.allSatisfy(\.isWait)
            #expect(isQuiet)
            if advance.verdict != nil { return }
            #expect(nodes.contains { $0.state == .ready }, "nothing can go on")
            for index in nodes.indices where nodes[index].state == .ready {
                let results: [BuildResult] = [.success, .warnings, .failure, .exception]
                nodes[index].state = .finished(results.randomElement(using: &random) ?? .success)
            }
        }
        Issue.record("the build did not end")
    }

    private func randomNodes(_ random: inout SeededRandom) -> [JobGraph.Node] {
        (1...Int.random(in: 1...20, using: &random)).map { number in
            let needs = (1..<number).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            return Self.node(
                Int64(number),
                needs: needs.map { "j\($0)" },
                Condition.allCases.randomElement(using: &random) ?? .success
            )
        }
    }

    private func apply(_ step: JobGraph.Step, to nodes: inout [JobGraph.Node]) {
        for index in nodes.indices {
            switch step {
            case .ready(let id) where nodes[index].id == id: nodes[index].state = .ready
            case .finish(let id, let result, _) where nodes[index].id == id:
                nodes[index].state = .finished(result)
            case .ready, .finish, .wait: continue
            }
        }
    }

    // MARK: Retry

    @Test func `a retry of what failed keeps what ran green and needs nothing that runs again`() {
        let graph = JobGraph(
            nodes: [
                Self.node(1, .success, .finished(.success)),
                Self.node(2, .success, .finished(.failure)),
                Self.node(3, needs: ["j2"], .always, .finished(.success)),
                Self.node(4, needs: ["j1"], .success, .finished(.warnings)),
                Self.node(5, needs: ["j2"], .success, .finished(.skipped)),
            ],
            isCancelled: false
        )
        #expect(graph.keptByRetry() == [JobID(1), JobID(4)])
    }
}

extension JobGraph.Step {
    fileprivate var isWait: Bool {
        switch self {
        case .wait: true
        case .ready, .finish: false
        }
    }
}
