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
        case .pipeline(let pipeline): try compare(story(of: pipeline), with: file)
        case .problems(let problems): Issue.record("\(problems.map(\.description))")
        }
    }

    @Test(arguments: files(in: "bad"))
    func `a bad file shows all its problems`(file: String) throws {
        switch try read(file) {
        case .pipeline: Issue.record("nothing is wrong with it")
        case .problems(let problems):
            let lines = problems.map { "\($0)\n" }.joined()
            try compare(lines, with: file)
        }
    }

    private func read(_ file: String) throws -> PipelineReading {
        let name = (file as NSString).lastPathComponent
        return readPipeline(try Data(contentsOf: corpus(file)), path: "pipelines/\(name)")
    }

    private func compare(_ seen: String, with file: String) throws {
        let place = corpus(file).deletingPathExtension().appendingPathExtension("expected")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
            try Data(seen.utf8).write(to: place)
        }
        #expect(seen == String(decoding: try Data(contentsOf: place), as: UTF8.self))
    }

    private func story(of pipeline: Pipeline) throws -> String {
        let triggers = pipeline.triggers
        var story = "name: \(pipeline.name)\npath: \(pipeline.path)\n"
        if let push = triggers.push {
            story += "push: branches \(push.branches.patterns) paths \(push.paths.patterns)\n"
        }
        if let tags = triggers.tags { story += "tags: \(tags.patterns)\n" }
        if triggers.isManual { story += "manual\n" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        for job in pipeline.jobs {
            story += String(decoding: try encoder.encode(job), as: UTF8.self) + "\n"
        }
        return story
    }
}

private func corpus(_ file: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus/\(file)")
}

private func files(in folder: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: corpus(folder).path)) ?? []
    return all.filter { $0.hasSuffix(".yml") }.sorted().map { "\(folder)/\($0)" }
}
