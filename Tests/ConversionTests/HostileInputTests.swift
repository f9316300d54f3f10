import Conversion
import Testing

/// Whatever the bytes are, the conversion ends soon and says something.
@Suite(.timeLimit(.minutes(1))) struct HostileInputTests {
    @Test(arguments: Dialect.allCases, 0..<4)
    func `a damaged file is converted or refused`(dialect: Dialect, seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let seeds = try Golden.files.filter { $0.dialect == dialect }.map { try $0.bytes() }
        for _ in 0..<150 {
            var file = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damage(&file, with: seeds, &random)
            }
            let conversion = convert(file, from: dialect, path: "x.yml")
            #expect(!conversion.files.isEmpty || !conversion.remarks.isEmpty)
            #expect(conversion.remarks.allSatisfy { $0.line >= 1 && $0.column >= 1 })
            #expect(conversion.files.allSatisfy { !$0.name.contains("..") })
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what would grow without end is refused`(dialect: Dialect) {
        let doubled = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        let long = String(repeating: "x", count: 100_000)
        let copied = String(repeating: "  - *a\n", count: 1_000)
        for text in [
            "a0: &a0 [x, x]\n" + doubled,
            String(repeating: "[", count: 5_000),
            String(repeating: "- ", count: 5_000) + "x",
            String(repeating: "a: {", count: 5_000),
            "x: &a \(long)\ny:\n\(copied)",
            String(repeating: "a", count: foreignBytesMax + 1),
            "? [a]\n: b\n", "a: *b\n", "", "\u{0}", "%YAML 3.0\n---\n", "- a\n- b\n", "jobs\n",
        ] {
            let conversion = convert(Array(text.utf8), from: dialect, path: "x.yml")
            #expect(conversion.outcome == .none)
            #expect(!conversion.remarks.isEmpty)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a circle ends`(dialect: Dialect) {
        let text = """
            on: push
            .a: { extends: .b, script: !reference [.a, script] }
            .b: { extends: .a }
            jobs: { a: { needs: b, steps: [{ run: x }] }, b: { needs: a, steps: [{ run: x }] } }
            c: { extends: [.a, .b], script: [!reference [c, script]], needs: [c] }
            steps: [{ name: a, image: x, depends_on: b }, { name: b, image: x, depends_on: a }]
            kind: pipeline
            """
        let conversion = convert(Array(text.utf8), from: dialect, path: "x.yml")
        #expect(conversion.files.count == 1)
    }

    @Test func `what would double with every step is left out`() {
        let extends = (1...12).map { level in
            let names = Array(repeating: ".a\(level - 1)", count: 11).joined(separator: ", ")
            return ".a\(level): { extends: [\(names)] }\n"
        }
        let references = (1...12).map { level in
            let items = Array(repeating: "!reference [.b\(level - 1), script]", count: 11)
            return ".b\(level): { script: [\(items.joined(separator: ", "))] }\n"
        }
        let text =
            ".a0: { image: x }\n.b0: { script: [x] }\n" + extends.joined() + references.joined()
            + "job: { extends: .a12, script: [!reference [.b12, script]] }\n"
        let conversion = convert(Array(text.utf8), from: .gitlab, path: ".gitlab-ci.yml")
        #expect(conversion.outcome == .part)
        #expect(conversion.remarks.contains { $0.subject == "extends" })
    }

    @Test(arguments: Dialect.allCases)
    func `a long file with many of everything ends`(dialect: Dialect) {
        let jobs = (0..<1_200).map { "j\($0): { script: [sudo a $B], needs: [j\($0 / 2)] }\n" }
        let steps = (0..<1_500).map { "  - { name: s\($0), image: x, commands: ['$A ${B}'] }\n" }
        let runs = (0..<1_500).map { "      - run: sudo echo '${{ matrix.a }}' [[ $\($0)\n" }
        let text =
            jobs.joined() + "steps:\n" + steps.joined()
            + "kind: pipeline\njobs:\n  a:\n    steps:\n" + runs.joined()
        let conversion = convert(Array(text.utf8), from: dialect, path: "x.yml")
        #expect(conversion.files.count == 1)
    }

    private func damage(
        _ file: inout [UInt8],
        with others: [[UInt8]],
        _ random: inout SplitMix64
    ) {
        let place = Int.random(in: 0...file.count, using: &random)
        let end = min(file.count, place + Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: file.removeSubrange(place..<end)
        case 1: file.insert(contentsOf: file[place..<end], at: place)
        case 2: file.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 3:
            let token = tokens.randomElement(using: &random) ?? ""
            file.insert(contentsOf: Array(token.utf8), at: place)
        case 4:
            let other = others.randomElement(using: &random) ?? []
            file.replaceSubrange(place..<end, with: other.prefix(200))
        case _: file.swapAt(min(place, file.count - 1), 0)
        }
        if file.isEmpty { file = [0x61] }
    }
}

private let tokens = [
    "&a ", "*a", "!reference ", "? ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "|\n", ">\n", "#",
    "---\n", "${{ ", " }}", "${{ a && 'b' || c }}", "$(", "${", "$$", "\t", "\r", "\n", "  ", "~",
    "needs", "jobs:", "steps:", "run:", "99999999999999999999", "\\", "\u{FEFF}", "<<: *a", "..",
    "<<'E'", "sudo ", "^[a-", "/x/i", "''", "((", "!",
]

/// Steele, Lea and Flood's generator: the same numbers for the same seed, on every machine.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
