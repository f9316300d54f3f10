import Core
import Testing

@Suite struct NeedsTests {
    private func edges(_ needs: [String: [String]]) -> [String] {
        complaints(.of(needs.sorted { $0.key < $1.key }.map { .job($0.key, needs: $0.value) }))
    }

    @Test func `jobs may stand in any order`() throws {
        let plan = try planned(.of([.job("b", needs: ["a"]), .job("a")]))
        #expect(plan.jobs.map(\.name) == ["b", "a"])
    }

    @Test(
        arguments: [
            (["a": ["a"]], ["job 'a' needs itself"]),
            (["a": ["b"], "b": ["a"]], ["jobs need each other in a circle: a → b → a"]),
            (
                ["a": ["c"], "b": ["a"], "c": ["b"]],
                ["jobs need each other in a circle: a → c → b → a"]
            ),
            (
                ["test": [], "b": ["tset"]],
                ["job 'b' needs 'tset', which does not exist (did you mean 'test'?)"]
            ),
            (["a": [], "b": ["a", "a"]], ["'a' is needed twice"]),
            (
                ["a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"], "e": ["a", "d"]],
                [
                    "jobs need each other in a circle: a → b → a",
                    "jobs need each other in a circle: c → d → c",
                ]
            ),
        ] as [([String: [String]], [String])]
    )
    func `needs that cannot be are problems, all at once`(
        needs: [String: [String]],
        expected: [String]
    ) {
        #expect(edges(needs).sorted() == expected.sorted())
    }

    @Test func `a very long circle is shown short`() {
        let jobs = (0..<500).map {
            JobDefinition.job("j\($0)", needs: ["j\(($0 + 1) % 500)"])
        }
        let found = complaints(.of(jobs))
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("j9 → … 500 jobs … → j0") == true)
    }

    // MARK: Downloads

    @Test func `a download finds the one job of a matrix that keeps the artifact`() throws {
        let matrix = MatrixDefinition(["os": ["linux", "mac"]])
        let plan = try planned(
            .of([
                .job("build", matrix: matrix, keeps: ["app-${{ matrix.os }}"]),
                .job("mid", needs: ["build"]),
                .job("ship", needs: ["mid"], steps: [.download("app-mac", from: "build")]),
            ])
        )
        #expect(
            plan.jobs.last?.steps.first?.action
                == .download(job: "build (os=mac)", artifact: "app-mac", to: ".")
        )
    }

    @Test(arguments: [
        (
            StepDefinition.download("app", from: "buidl"),
            "there is no job 'buidl' to download from (did you mean 'build'?)"
        ),
        (
            .download("ap", from: "build"),
            "job 'build' keeps no artifact 'ap' (it keeps app)"
        ),
        (
            .download("app", from: "other"),
            "job 'ship' downloads from 'other', which need not have ended before it "
                + "(add 'needs: [other]')"
        ),
    ])
    func `a download that finds nothing is a problem`(step: StepDefinition, complaint: String) {
        let jobs = [
            JobDefinition.job("build", keeps: ["app"]), .job("other", keeps: ["app"]),
            .job("ship", needs: ["build"], steps: [step]),
        ]
        #expect(complaints(.of(jobs)) == [complaint])
    }

    @Test func `a download that could mean several jobs says how to name one`() {
        let matrix = MatrixDefinition(["os": ["linux", "mac"]])
        let jobs = [
            JobDefinition.job("build", matrix: matrix, keeps: ["app"]),
            .job("ship", needs: ["build"], steps: [.download("app", from: "build")]),
        ]
        #expect(
            complaints(.of(jobs)) == [
                "2 jobs of 'build' keep an artifact 'app' (name one of them, such as "
                    + "'build (os=linux)', or put a value of the matrix into the artifact's name)"
            ]
        )
        let named = [
            jobs[0],
            .job("ship", needs: ["build"], steps: [.download("app", from: "build (os=mac)")]),
        ]
        #expect(complaints(.of(named)) == [])
    }

    /// Every order that the needs allow keeps each job behind what it needs.
    @Test(arguments: 0..<50)
    func `circles are found exactly where there are some`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = Int.random(in: 1...12, using: &random)
        let needs = (0..<count).map { index in
            (0..<count).filter { $0 != index && Int.random(in: 0..<8, using: &random) == 0 }
        }
        let found = complaints(
            .of(needs.enumerated().map { .job("j\($0)", needs: $1.map { "j\($0)" }) })
        )
        #expect(found.isEmpty == Self.isSortable(needs))
        #expect(found.allSatisfy { $0.hasPrefix("jobs need each other in a circle: ") })
    }

    private static func isSortable(_ needs: [[Int]]) -> Bool {
        var done: Set<Int> = []
        for _ in needs {
            for (index, needed) in needs.enumerated() where done.isSuperset(of: needed) {
                done.insert(index)
            }
        }
        return done.count == needs.count
    }
}
