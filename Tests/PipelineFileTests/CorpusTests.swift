import Core
import Foundation
import PipelineFile
import Testing

/// The files below `Corpus`, each with what is read from it beside it.
///
/// With `UPDATE_EXPECTED=1` the tests write down what they see instead; look at the difference.
@Suite struct CorpusTests {
    @Test(arguments: files(in: "good"))
    func `a good file becomes its pipeline`(file: String) throws {
        switch try read(file) {
        case .pipeline(let pipeline): try compare(dump(pipeline), with: file)
        case .problems(let problems): Issue.record("\(problems.map(\.description))")
        }
    }

    /// The whole language in one file stays out: three jobs of its matrix keep one artifact.
    @Test(arguments: files(in: "good").filter { $0 != "good/everything.yml" })
    func `a good file can be planned`(file: String) throws {
        guard case .pipeline(let pipeline) = try read(file) else { return }
        var library: [String: Pipeline] = [:]
        for uses in pipeline.jobs.compactMap(\.uses) {
            guard case .pipeline(var used) = try read("good/inputs-of-a-library.yml") else {
                return
            }
            used.path = uses.file
            for index in used.inputs.indices { used.inputs[index].isRequired = false }
            library[uses.file] = used
        }
        switch plan(pipeline, for: request(library: library)) {
        case .plan(let plan): #expect(!plan.jobs.isEmpty || !plan.filtered.isEmpty)
        case .problems(let problems): Issue.record("\(problems.map(\.description))")
        }
    }

    @Test(arguments: files(in: "bad"))
    func `a bad file shows all its problems`(file: String) throws {
        switch try read(file) {
        case .pipeline: Issue.record("nothing is wrong with it")
        case .problems(let problems):
            let lines = problems.map { problem in
                "\(problem.line):\(problem.column): \(problem.message)"
                    + (problem.hint.map { " (\($0))" } ?? "") + "\n"
            }.joined()
            try compare(lines, with: file)
        }
    }

    @Test func `the schema stays as it is`() throws {
        try compare(pipelineSchema(), with: "schema.json", ending: "json")
    }

    private func read(_ file: String) throws -> PipelineReading {
        let name = (file as NSString).lastPathComponent
        return readPipeline(try Data(contentsOf: corpus(file)), path: "pipelines/\(name)")
    }

    private func compare(
        _ seen: String,
        with file: String,
        ending: String = "expected"
    ) throws {
        let place = corpus(file).deletingPathExtension().appendingPathExtension(ending)
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
            try Data(seen.utf8).write(to: place)
        }
        #expect(seen == String(decoding: try Data(contentsOf: place), as: UTF8.self))
    }
}

private func corpus(_ file: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus/\(file)")
}

private func files(in folder: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: corpus(folder).path)) ?? []
    return all.filter { $0.hasSuffix(".yml") }.sorted().map { "\(folder)/\($0)" }
}
