import Core
import Foundation
import PipelineFile
import Testing

/// Thousands of damaged files: each is read or refused, and every problem has a place.
@Suite(.timeLimit(.minutes(1))) struct MutationTests {
    @Test(arguments: 0..<8)
    func `a damaged file is read or refused`(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let seeds = try corpusFiles()
        for _ in 0..<500 {
            var file = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damage(&file, with: seeds, &random)
            }
            file = Array(file.prefix(4_000))
            guard case .problems(let problems) = readPipeline(file, path: "pipelines/x.yml") else {
                continue
            }
            let lines = file.count { $0 == 0x0A || $0 == 0x0D } + 1
            #expect(!problems.isEmpty)
            for problem in problems {
                let isPlaced = problem.column >= 1 && (1...lines).contains(problem.line)
                #expect(isPlaced, "seed \(seed): \(problem)")
            }
        }
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
        case _: file.removeSubrange(place...)
        }
    }
}

private let tokens = [
    "&a ", "*a", "!!x ", "? ", ": ", "- ", "[", "]", "{", "}", ",", "\"", "'", "|\n", ">\n", "#",
    "---\n", "...\n", "%YAML 1.2\n", "${{ x }}", "\t", "\r", "\n", "  ", "\u{2028}", "\u{85}", "~",
    "needs", "jobs:", "steps:", "run:", "99999999999999999999", "\\", "\u{FEFF}", "<<: *a", "..",
]

private func corpusFiles() throws -> [[UInt8]] {
    let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    return try ["good", "bad"].flatMap { folder in
        let place = corpus.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            .filter { $0.hasSuffix(".yml") }
            .map { Array(try Data(contentsOf: place.appending(path: $0))) }
    }
}

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
