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

    @Test(
        arguments: [
            (BuildResult.failure, "ended with failure"), (.exception, "ended with exception"),
            (.retry, "ended with retry"), (.cancelled, "was cancelled"),
            (.skipped, "was skipped"),
        ]
    )
    func `what did not succeed skips everything behind it, and each says because of whom`(
        result: BuildResult,
        ending: String
    ) {
        let advance = advance([
            Self.node(1, .success, .finished(result)), Self.node(2, needs: ["j1"]),
            Self.node(3, needs: ["j2"]),
        ])
        #expect(
            advance.steps == [
                .finish(JobID(2), .skipped, reason: "it needs j1, which \(ending)"),
                .finish(JobID(3), .skipped, reason: "it needs j2, which was skipped"),
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
                .finish(JobID(1), .skipped, reason: "it needs nobody, which is not in this build")
            ]
        )
    }

    // MARK: Conditions

    private func node(
        _ number: Int64,
        needs: [String] = [],
        optional: Set<String> = [],
        if condition: Expression,
        _ state: JobGraph.State = .blocked
    ) -> JobGraph.Node {
        JobGraph.Node(
            id: JobID(number),
            name: "j\(number)",
            needs: needs,
            optionalNeeds: optional,
            condition: Condition(condition),
            state: state
        )
    }

    @Test(
        arguments: [
            ("needs.j1.result == 'failure' && always()", BuildResult.failure, true),
            ("needs.j1.result == 'failure'", .failure, false),
            ("needs.j1.outputs.deploy == 'yes'", .success, true),
            ("needs.j1.outputs.deploy == 'no'", .success, false),
            ("needs.j1.outputs.unset == ''", .warnings, true),
            ("build == 7 && semver =~ '1.*'", .success, true), ("build == 8", .success, false),
            ("cancelled()", .cancelled, true), ("cancelled()", .failure, false),
            ("!cancelled()", .failure, true), ("failure() || cancelled()", .cancelled, true),
            ("changed()", .success, true), ("changed()", .failure, false),
        ] as [(Expression, BuildResult, Bool)]
    )
    func `a condition may ask how its needs ended and what they told`(
        condition: Expression,
        result: BuildResult,
        runs: Bool
    ) {
        var first = Self.node(1, .success, .finished(result))
        first.outputs = ["deploy": "yes"]
        let graph = JobGraph(
            nodes: [first, node(2, needs: ["j1"], if: condition)],
            isCancelled: false,
            previous: .failure,
            names: Names(context: [.build: .number(7), .semver: .text("1.2.3")])
        )
        #expect((graph.advanced().steps == [.ready(JobID(2))]) == runs)
    }

    @Test(
        arguments: [
            (
                "needs.j1.outputs.x == 'y'", BuildResult.success,
                "its 'if' does not hold: success() && needs.j1.outputs.x == 'y'"
            ),
            ("needs.j1.outputs.x == ''", .failure, "it needs j1, which ended with failure"),
            ("failure()", .success, "nothing that it needs failed"),
            ("build == 7", .success, "its 'if' does not hold: success() && build == 7"),
        ] as [(Expression, BuildResult, String)]
    )
    func `who will not run says whether a need or its own condition is to blame`(
        condition: Expression,
        result: BuildResult,
        reason: String
    ) {
        let advance = advance([
            Self.node(1, .success, .finished(result)), node(2, needs: ["j1"], if: condition),
        ])
        #expect(advance.steps == [.finish(JobID(2), .skipped, reason: reason)])
    }

    @Test func `a condition that cannot be decided is a failure that says why`() {
        var first = Self.node(1, .success, .finished(.success))
        first.outputs = ["p": String(repeating: "*", count: 2_000)]
        let advance = advance([first, node(2, needs: ["j1"], if: "'a' =~ needs.j1.outputs.p")])
        #expect(
            advance.steps == [
                .finish(
                    JobID(2),
                    .failure,
                    reason: "its 'if' cannot be decided: what is looked for has at most 1000 bytes"
                )
            ]
        )
    }

    @Test func `only the first few needs are blamed by name`() {
        let bad = (1...7).map { Self.node($0, .success, .finished(.failure)) }
        let advance = advance(bad + [Self.node(8, needs: bad.map(\.name))])
        let named = (1...5).map { "j\($0), which ended with failure" }.joined(separator: ", and ")
        #expect(
            advance.steps
                == [.finish(JobID(8), .skipped, reason: "it needs \(named), and 2 more")]
        )
    }

    @Test(arguments: [
        (BuildResult.success, true), (.warnings, true), (.skipped, true), (.failure, false),
        (.exception, false), (.cancelled, false),
    ])
    func `an optional need may have been skipped, but not have failed`(
        result: BuildResult,
        runs: Bool
    ) {
        let advance = advance([
            Self.node(1, .success, .finished(result)),
            node(2, needs: ["j1"], optional: ["j1"], if: "success()"),
        ])
        #expect((advance.steps == [.ready(JobID(2))]) == runs)
    }

    @Test func `an optional need is waited for, and one that does not exist is not`() {
        let nodes = [
            Self.node(1, .success, .running),
            node(2, needs: ["j1"], optional: ["j1"], if: "success()"),
            node(3, needs: ["nobody"], optional: ["nobody"], if: "success()"),
        ]
        #expect(advance(nodes).steps == [.wait(JobID(2), on: ["j1"]), .ready(JobID(3))])
    }

    @Test func `the jobs of a matrix answer as one`() {
        var nodes = (1...3).map { number in
            JobGraph.Node(
                id: JobID(number),
                name: "t (a=\(number))",
                key: "t",
                needs: [],
                condition: .success,
                state: .finished(number == 2 ? .warnings : .success),
                outputs: ["last": "\(number)", "only\(number)": "x"]
            )
        }
        nodes.append(Self.node(9, needs: nodes.map(\.name)))
        let outcomes = JobGraph(nodes: nodes, isCancelled: false).outcomes(neededBy: "j9")
        #expect(
            outcomes == [
                "t": NeedOutcome(
                    result: .warnings,
                    outputs: ["last": "3", "only1": "x", "only2": "x", "only3": "x"]
                )
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

    private static let conditions: [Condition] = [
        .success, .failure, .always, Condition("cancelled() || needs.j1.result == 'failure'"),
        Condition("changed() && !cancelled()"),
    ]

    private func randomNodes(_ random: inout SeededRandom) -> [JobGraph.Node] {
        (1...Int.random(in: 1...20, using: &random)).map { number in
            let needs = (1..<number).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            return Self.node(
                Int64(number),
                needs: needs.map { "j\($0)" },
                Self.conditions.randomElement(using: &random) ?? .success
            )
        }
    }

    private func apply(_ step: JobGraph.Step, to nodes: inout [JobGraph.Node]) {
        for index in nodes.indices {
            switch step {
            case .ready(let id) where nodes[index].id == id: nodes[index].state = .ready
            case .finish(let id, let result, _) where nodes[index].id == id:
                nodes[index].state = .finished(result)
            case .ready, .finish, .wait, .hold, .stop: continue
            }
        }
    }
}

extension JobGraph.Step {
    fileprivate var isWait: Bool {
        switch self {
        case .wait: true
        case .ready, .finish, .hold, .stop: false
        }
    }
}
