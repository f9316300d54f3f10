import ArgumentParser
import Core
import Foundation
import LocalRun
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
              slipway lint --time

            Files in subfolders of pipelines/ are looked at too, and what jobs that use them give \
            to them.
            """
    )

    @Argument(help: "The files (default: all of pipelines/).", completion: .file())
    var files: [String] = []

    @Flag(name: .customLong("json"), help: "Print the problems as JSON.")
    var isJSON = false

    @Flag(help: "Say how long reading and planning each file takes.")
    var time = false

    func run() async throws {
        let checks = try Self.checks(of: files)
        let problems = checks.flatMap(\.problems)
        if isJSON {
            Output.standard.json(try WireCoding.encoder().encode(problems))
        } else {
            for problem in problems { Output.standard.line(printable(problem.description)) }
            let count = checks.reduce(0) { $0 + $1.files.count }
            Output.standard.note(Self.verdict(problems: problems.count, files: count))
        }
        if time { try tellTimes(of: checks.flatMap(\.files)) }
        if !problems.isEmpty { throw ExitCode(CommandStatus.red.rawValue) }
    }

    /// Of these files, or of all in the working folder's `pipelines/`.
    static func checks(of files: [String], in folder: String = ".") throws -> [PipelineCheck] {
        do {
            if files.isEmpty { return [try PipelineCheck(of: folder)] }
            return try files.map { try PipelineCheck(ofFile: $0) }
        } catch let error as LocalRunError {
            throw CommandError(.notFound, error.message, hint: error.hint)
        }
    }

    private func tellTimes(of files: [String]) throws {
        for file in files {
            let time = try PipelineCheck.time(ofFile: file)
            let words = time.map { "\(($0 * 100).rounded() / 100) ms" } ?? "cannot be planned"
            Output.standard.line("\(printable(file)): \(words)")
        }
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
