import Core
import PipelineFile
import Testing

/// Files that were written to harm: each is answered, and none grows.
@Suite(.timeLimit(.minutes(1))) struct HostileInputTests {
    @Test func `aliases of aliases are stopped before they are written out`() {
        var file = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 3).joined(separator: ", ")
            file += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(problems(file) == ["more than 20,000 values, aliases written out"])
    }

    @Test func `an alias of aliases as a key is not hashed`() {
        var file = "a0: &a0 [x, x]\n"
        for level in 1...30 {
            file += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        file += "? *a30\n: x\n"
        #expect(problems(file) == ["more than 20,000 values, aliases written out"])
    }

    @Test func `a long text behind many aliases is stopped`() {
        let file =
            "a: &a \(String(repeating: "x", count: 100_000))\n"
            + "b: [\(Array(repeating: "*a", count: 20).joined(separator: ", "))]\n"
        #expect(problems(file) == ["more than 1 MiB of text, aliases written out"])
    }

    @Test func `sixty-five aliases are one too many`() {
        let aliases = Array(repeating: "*a", count: 65).joined(separator: ", ")
        #expect(problems("a: &a x\nb: [\(aliases)]\n") == ["more than 64 aliases"])
    }

    @Test(
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
            String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
            (0..<600).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ]
    )
    func `depth is stopped`(file: String) {
        #expect(problems(file) == ["more than 32 lists and mappings inside each other"])
    }

    @Test func `an alias does not hide depth`() {
        let half = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        let file = "a: &a \(half)\nb: \(String(repeating: "[", count: 20))*a"
        #expect(problems(file) == ["more than 32 lists and mappings inside each other"])
    }

    @Test func `many values are stopped`() {
        let file = "a: [" + String(repeating: "x,", count: 30_000) + "]\n"
        #expect(problems(file) == ["more than 20,000 values, aliases written out"])
    }

    @Test func `a long file is not even looked at`() {
        let file = String(repeating: "\0", count: 256 * 1_024 + 1)
        #expect(problems(file) == ["the file has 262145 bytes; the limit is 256 KiB"])
    }

    @Test func `a large environment above many steps is stopped`() {
        let file =
            "image: a\nenv: { A: \(String(repeating: "x", count: 100_000)) }\nsteps:\n"
            + String(repeating: "- run: x\n", count: 200)
        #expect(problems(file) == ["the 'env' of all steps together is larger than 4 MiB"])
    }

    @Test func `problems do not grow without end`() {
        let file = (0..<5_000).map { "x\($0): y\n" }.joined()
        #expect(problems(file).count == 100)
    }

    @Test func `jobs and steps have limits`() {
        let jobs = (0..<501).map { "  j\($0): { steps: [{ run: x }] }\n" }.joined()
        #expect(
            problems("defaults: { image: a }\njobs:\n\(jobs)")
                == ["501 jobs; a pipeline has at most 500"]
        )
        let steps = String(repeating: "  - run: x\n", count: 201)
        #expect(
            problems("image: a\nsteps:\n\(steps)") == ["201 steps; a job has at most 200"]
        )
    }

    @Test func `five hundred jobs in one circle are one problem`() {
        let jobs = (0..<500).map {
            "  j\($0): { needs: j\(($0 + 1) % 500), steps: [{ run: x }] }\n"
        }
        let found = problems("defaults: { image: a }\njobs:\n\(jobs.joined())")
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("j9 → … 500 jobs … → j0") == true)
    }

    @Test(
        arguments: [
            "a: \(String(repeating: "\"", count: 200_000))",
            "a: \(String(repeating: "x ", count: 100_000))",
            "a:\n" + String(repeating: "  x\n", count: 50_000),
            String(repeating: "a\n", count: 100_000),
            String(repeating: "#\n", count: 100_000),
            String(repeating: "\n", count: 250_000),
            String(repeating: "a: b, ", count: 40_000),
            String(repeating: "&a ", count: 80_000),
            String(repeating: "!a ", count: 80_000),
            "%TAG ! " + String(repeating: "x", count: 200_000),
            String(repeating: "%TAG !a! x\n", count: 20_000) + "---\n",
            "a: |\n" + String(repeating: " \n", count: 120_000),
            String(repeating: "{a: [", count: 15) + String(repeating: "x: y, ", count: 9_000),
            String(repeating: "---\n", count: 60_000),
        ]
    )
    func `repetition is answered soon`(file: String) {
        #expect(!problems(file).isEmpty)
    }

    private func problems(_ file: String) -> [String] {
        switch readPipeline(Array(file.utf8), path: "pipelines/x.yml") {
        case .pipeline: []
        case .problems(let problems): problems.map(\.message)
        }
    }
}
