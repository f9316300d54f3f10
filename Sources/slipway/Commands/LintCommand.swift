import ArgumentParser
import Core
import Foundation
import PipelineFile
import Wire

struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Finds what is wrong in pipeline files, without a server.",
        discussion: """
            Problems are printed as file:line:column: message, which editors can jump to; the \
            exit code is 1 if there are any:

              slipway lint
              slipway lint pipelines/main.yml
            """
    )

    @Argument(help: "The files (default: all of pipelines/).", completion: .file())
    var files: [String] = []

    @Flag(name: .customLong("json"), help: "Print the problems as JSON.")
    var isJSON = false

    func run() async throws {
        let files = try files.isEmpty ? Self.pipelines(below: "pipelines") : files
        let problems = try files.flatMap(Self.problems)
        if isJSON {
            Output.standard.json(try WireCoding.encoder().encode(problems))
        } else {
            for problem in problems { Output.standard.line(printable(problem.description)) }
            Output.standard.note(Self.verdict(problems: problems.count, files: files.count))
        }
        if !problems.isEmpty { throw ExitCode(CommandStatus.red.rawValue) }
    }

    static func problems(of file: String) throws(CommandError) -> [Problem] {
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw CommandError(.notFound, "no file can be read at \(file)")
        }
        defer { try? handle.close() }
        do {
            // One byte more than the limit is enough to see that there are too many.
            let bytes = try handle.read(upToCount: pipelineBytesMax + 1) ?? Data()
            switch readPipeline(bytes, path: file) {
            case .pipeline: return []
            case .problems(let problems): return problems
            }
        } catch {
            throw CommandError(.notFound, "\(file) cannot be read: \(error)")
        }
    }

    static func pipelines(below folder: String) throws(CommandError) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }.sorted()
        guard !files.isEmpty else {
            throw CommandError(
                .notFound,
                "there are no pipeline files in \(folder)/ here",
                hint: "the smallest is two keys, 'image' and 'steps', in \(folder)/main.yml"
            )
        }
        return files.map { "\(folder)/\($0)" }
    }

    static func verdict(problems: Int, files: Int) -> String {
        let place = files == 1 ? "1 file" : "\(files) files"
        switch problems {
        case 0: return "\(place): nothing is wrong"
        case 1: return "\(place): 1 problem"
        case _: return "\(place): \(problems) problems"
        }
    }
}
