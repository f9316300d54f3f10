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

    @Test func `thousands of tag directives are not compared with each other`() {
        let file = "%YAML 1.2\n" + (0..<18_000).map { "%TAG !\($0)! x\n" }.joined()
        #expect(problems(file) == ["tags ('!') have no meaning in a pipeline file"])
    }

    @Test func `sixty-five aliases are one too many`() {
        let aliases = Array(repeating: "*a", count: 65).joined(separator: ", ")
        #expect(problems("a: &a x\nb: [\(aliases)]\n") == ["more than 64 aliases"])
    }

    @Test(arguments: [
        Repetition("[", 100_000), .init("{a: ", 50_000), .init("- ", 100_000), .init("? ", 100_000),
    ])
    func `depth is stopped`(file: Repetition) {
        #expect(problems(file.text) == ["more than 32 lists and mappings inside each other"])
    }

    @Test func `depth by indentation is stopped`() {
        let file = (0..<600).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
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

    @Test func `twenty thousand values are enough, and one more is too many`() {
        // The mapping, its key and the list are values too.
        let most = "a: [" + String(repeating: "x,", count: 19_997) + "]\n"
        #expect(problems(most).first?.hasPrefix("unknown key 'a' in a pipeline") == true)
        let more = "a: [" + String(repeating: "x,", count: 19_998) + "]\n"
        #expect(problems(more) == ["more than 20,000 values, aliases written out"])
    }

    @Test func `sixty-four aliases are enough`() {
        let aliases = Array(repeating: "*a", count: 64).joined(separator: ", ")
        #expect(!problems("a: &a x\nb: [\(aliases)]\n").contains("more than 64 aliases"))
    }

    @Test func `a megabyte of one text is not even looked at`() {
        let file = "image: \(String(repeating: "x", count: 1_048_576))\n"
        #expect(problems(file) == ["the file has 1048584 bytes; the limit is 256 KiB"])
    }

    @Test(arguments: ["\\\n", "\\x41", "\n\n", " "])
    func `a text that is long in the file alone is walked through once`(unit: String) {
        let text = String(repeating: unit, count: 240_000 / unit.utf8.count)
        let aliases = (0..<30).map { "V\($0): *a" }.joined(separator: ", ")
        let jobs = (0..<30).map { "  j\($0): *j\n" }.joined()
        let file =
            "env: { A: &a \"${{ x\(text)\" }\njobs:\n"
            + "  j: &j { image: x, env: { \(aliases) }, steps: [{ run: x }] }\n\(jobs)"
        #expect(!problems(file).isEmpty)
    }

    @Test func `expressions have a depth and a length`() {
        let depth = String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000)
        #expect(
            problems("image: a\nsteps: [{ run: x, if: \"\(depth)\" }]\n")
                == ["an expression is at most 32 levels deep"]
        )
        let length = String(repeating: "true || ", count: 2_000) + "true"
        #expect(
            problems("image: a\nsteps: [{ run: x, if: \"\(length)\" }]\n")
                == ["an expression has at most 4096 bytes"]
        )
    }

    @Test func `a file of expressions alone is read in bounded time`() {
        let values = (0..<6_000).map { "  V\($0): ${{ branch }}${{ tag }}\n" }.joined()
        #expect(problems("image: a\nenv:\n\(values)steps: [{ run: x }]\n") == [])
    }

    @Test func `problems of expressions do not grow without end`() {
        let names = (0..<150).map { "  VARIABLE_\($0): x\n" }.joined()
        let labels = (0..<150).map { "\"${{ env.VARIABEL_\($0) }}\"" }.joined(separator: ", ")
        let file = "image: a\nenv:\n\(names)labels: [\(labels)]\nsteps: [{ run: x }]\n"
        #expect(problems(file).count == 100)
    }

    @Test func `a long file is not even looked at`() {
        let file = String(repeating: "\0", count: 256 * 1_024 + 1)
        #expect(problems(file) == ["the file has 262145 bytes; the limit is 256 KiB"])
    }

    @Test func `a large environment above many steps is stopped`() {
        let file =
            "image: a\nenv: { A: \(String(repeating: "x", count: 100_000)) }\nsteps:\n"
            + String(repeating: "- run: x\n", count: 200)
        guard
            case .pipeline(let pipeline) = readPipeline(Array(file.utf8), path: "pipelines/x.yml"),
            case .problems(let problems) = plan(pipeline, for: request())
        else {
            Issue.record("it is planned")
            return
        }
        #expect(
            problems.map(\.message) == ["the 'env' of all steps together is larger than 4 MiB"]
        )
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
            Repetition("\"", 200_000, after: "a: "), .init("x ", 100_000, after: "a: "),
            .init("  x\n", 50_000, after: "a:\n"), .init("a\n", 100_000), .init("#\n", 100_000),
            .init("\n", 250_000), .init("a: b, ", 40_000), .init("&a ", 80_000),
            .init("!a ", 80_000), .init("x", 200_000, after: "%TAG ! "),
            .init("%TAG !a! x\n", 20_000), .init(" \n", 120_000, after: "a: |\n"),
            .init("x: y, ", 9_000, after: String(repeating: "{a: [", count: 15)),
            .init("---\n", 60_000), .init("x: ", 80_000), .init("'' ", 80_000),
            .init("\\x41", 50_000, after: "a: \""), .init("? a\n", 60_000),
            .init("- a\n", 60_000), .init("[],", 80_000, after: "["), .init("\u{2603}", 80_000),
        ]
    )
    func `repetition is answered soon`(file: Repetition) {
        #expect(!problems(file.text).isEmpty)
    }

    private func problems(_ file: String) -> [String] {
        switch readPipeline(Array(file.utf8), path: "pipelines/x.yml") {
        case .pipeline: []
        case .problems(let problems): problems.map(\.message)
        }
    }
}

/// A file of one thing many times, which shows itself shortly.
struct Repetition: CustomTestStringConvertible {
    var unit: String
    var count: Int
    var start: String

    init(_ unit: String, _ count: Int, after start: String = "") {
        self.unit = unit
        self.count = count
        self.start = start
    }

    var text: String { start + String(repeating: unit, count: count) }
    var testDescription: String {
        "\(start.debugDescription) and \(count) \(unit.debugDescription)"
    }
}
