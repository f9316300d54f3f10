import Core
import Foundation
import Testing

@testable import PipelineFile

/// Thousands of damaged files: each is read or refused, and every problem has a place.
///
/// `FUZZ_INPUTS` sets how many there are, `FUZZ_SEED` where their numbers begin.
@Suite struct MutationTests {
    @Test(arguments: 0..<8)
    func `a damaged file is read or refused`(part: UInt64) throws {
        let seeds = try corpusFiles()
        for number in 0..<(inputsWanted / 8) {
            let seed = firstSeed &+ part &+ 8 &* UInt64(number)
            let file = damaged(seeds, seed: seed)
            examine(file, seed: seed)
        }
    }

    @Test func `the same seed gives the same file`() throws {
        let seeds = try corpusFiles()
        for seed in 0..<20 as Range<UInt64> {
            #expect(damaged(seeds, seed: seed) == damaged(seeds, seed: seed))
        }
    }

    /// What can be read can be planned, or there is something wrong with it; and what was planned
    /// is stored and sent without a loss.
    private func examine(_ pipeline: Pipeline, seed: UInt64) {
        var library: [String: Pipeline] = [:]
        for uses in pipeline.jobs.compactMap(\.uses) {
            var used = pipeline
            used.path = uses.file
            library[uses.file] = used
        }
        switch plan(pipeline, for: request(library: library)) {
        case .problems(let problems):
            if problems.isEmpty { Issue.record("seed \(seed): refused, and nothing is wrong") }
        case .plan(let plan):
            for spec in plan.jobs { examine(spec, seed: seed) }
        }
    }

    private func examine(_ spec: JobSpec, seed: UInt64) {
        do {
            let again = try JSONDecoder().decode(JobSpec.self, from: JSONEncoder().encode(spec))
            if again != spec { Issue.record("seed \(seed): stored, it is another job") }
        } catch {
            Issue.record("seed \(seed): it cannot be stored: \(error)")
        }
        // Outputs of other jobs are not there, so it may say that a value is missing.
        _ = try? spec.readied(with: readyNames)
    }

    private func examine(_ file: [UInt8], seed: UInt64) {
        let problems: [Problem]
        switch readPipeline(file, path: "pipelines/x.yml") {
        case .problems(let found): problems = found
        case .pipeline(let pipeline):
            examine(pipeline, seed: seed)
            return
        }
        let lines = file.count { $0 == 0x0A || $0 == 0x0D } + 1
        let isPlaced = problems.allSatisfy { problem in
            problem.column >= 1 && (1...lines).contains(problem.line) && !problem.message.isEmpty
        }
        let isAnswered = !problems.isEmpty && problems.count <= Problems.countMax && isPlaced
        // Expectations cost more than reading a file does.
        if !isAnswered { Issue.record("seed \(seed): \(problems.map(\.description))") }
    }
}

private let inputsWanted = environment("FUZZ_INPUTS") ?? 20_000
private let firstSeed = UInt64(environment("FUZZ_SEED") ?? 0)

private func environment(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
}

/// A file of the corpus after one to six accidents.
private func damaged(_ seeds: [[UInt8]], seed: UInt64) -> [UInt8] {
    var random = SplitMix64(state: seed)
    var file = seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &random) { damage(&file, with: seeds, &random) }
    return Array(file.prefix(4_000))
}

private func damage(
    _ file: inout [UInt8],
    with others: [[UInt8]],
    _ random: inout SplitMix64
) {
    let place = Int.random(in: 0...file.count, using: &random)
    let end = min(file.count, place + Int.random(in: 0...12, using: &random))
    switch Int.random(in: 0..<10, using: &random) {
    case 0: file.removeSubrange(place..<end)
    case 1: file.insert(contentsOf: file[place..<end], at: place)
    case 2: file.insert(UInt8.random(in: 0...255, using: &random), at: place)
    case 3, 4: file.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
    case 5:
        let other = others.randomElement(using: &random) ?? []
        let start = Int.random(in: 0...other.count, using: &random)
        file.replaceSubrange(place..<end, with: other[start...].prefix(200))
    case 6, 7: replaceWord(of: &file, at: place, with: words.randomElement(using: &random) ?? [])
    case 8:
        let line = file[place...].firstIndex(of: 0x0A) ?? file.count
        let word = words.randomElement(using: &random) ?? []
        file.insert(contentsOf: [0x0A, 0x20, 0x20] + word + Array(": ".utf8), at: line)
    case _: file.removeSubrange(place...)
    }
}

/// Puts another word in the place of the next one: damage that stays YAML.
private func replaceWord(of file: inout [UInt8], at place: Int, with word: [UInt8]) {
    guard let start = file[place...].firstIndex(where: isWordByte) else { return }
    let end = file[start...].firstIndex { !isWordByte($0) } ?? file.count
    file.replaceSubrange(start..<end, with: word)
}

private func isWordByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x5F }

private let tokens: [[UInt8]] = [
    "&a ", "*a", "!!x ", "? ", ": ", "- ", "[", "]", "{", "}", ",", "\"", "'", "|\n", ">\n", "#",
    "---\n", "...\n", "%YAML 1.2\n", "${{ x }}", "\t", "\r", "\n", "  ", "\u{2028}", "\u{85}", "~",
    "99999999999999999999", "\\", "\u{FEFF}", "<<: *a", "..", "${{", "}}", " && ", " || ", "!",
    " == ", " =~ ", " in ", "(", ")", "hash('**')", "needs.test.result", "matrix.swift", "'",
    "inputs.level", "always()", "failure()", "0s", "30d", "8GiB", "-1", "0.0001", "\\u2603", "☃",
].map { Array($0.utf8) }

private let words: [[UInt8]] =
    Word.allCases.map { Array($0.rawValue.utf8) }
    + [
        "true", "false", "null", "0", "1", "255", "256", "success", "failure", "test", "main",
        "push", "x", "10m", "1GiB", "job", "docs", "debian", "swift", "event", "branch",
    ].map { Array($0.utf8) }

private func corpusFiles() throws -> [[UInt8]] {
    let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    return try ["good", "bad"].flatMap { folder in
        let place = corpus.appending(path: folder)
        return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            .filter { $0.hasSuffix(".yml") }
            .map { Array(try Data(contentsOf: place.appending(path: $0))) }
    }
}
