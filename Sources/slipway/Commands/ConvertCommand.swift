import ArgumentParser
import Conversion
import Foundation
import Wire

struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turns a pipeline of another system into pipelines of this one.",
        discussion: """
            Reads workflows of GitHub, Forgejo and Gitea, .gitlab-ci.yml, and the files of \
            Woodpecker and Drone. What has no equal stands in the new file as a comment that says \
            what to do, and is told on standard error as file:line:column. The exit code is 0 when \
            everything was converted, and 1 when something was not:

              slipway convert .gitlab-ci.yml
              slipway convert .github/workflows/ci.yml --output pipelines
              slipway convert ci.yml --from woodpecker
            """
    )

    @Argument(help: "The file to convert.", completion: .file())
    var file: String

    @Option(
        help: "The system it was written for: github, gitlab, woodpecker or drone.",
        completion: .list(Dialect.allCases.map(\.rawValue))
    )
    var from: Dialect?

    @Option(
        name: [.short, .long],
        help: "The folder to write to (default: standard output).",
        completion: .directory
    )
    var output: String?

    @Flag(name: .customLong("force"), help: "Write over files that are there.")
    var isForced = false

    @Flag(name: .customLong("json"), help: "Print the files and the remarks as JSON.")
    var isJSON = false

    func run() async throws {
        let bytes = try Self.bytes(of: file)
        guard let dialect = from ?? Dialect.guess(path: file, text: bytes) else {
            let systems = Dialect.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError(
                .wrongUse,
                "neither the name nor the content of \(file) says which system it is for",
                hint: "say it with --from: \(systems)"
            )
        }
        let conversion = convert(bytes, from: dialect, path: file)
        if let output { try write(conversion.files, to: output) }
        if isJSON {
            Output.standard.json(try WireCoding.encoder().encode(conversion))
        } else {
            show(conversion)
        }
        switch conversion.outcome {
        case .whole: return
        case .part, .none: throw ExitCode(CommandStatus.red.rawValue)
        }
    }

    private func show(_ conversion: Conversion) {
        for converted in conversion.files where output == nil {
            // With a header only where it is needed to tell them apart.
            if conversion.files.count > 1 { Output.standard.line("# pipelines/\(converted.name)") }
            Output.standard.bytes(Array(converted.text.utf8))
        }
        for remark in conversion.remarks {
            Output.standard.note(
                printable("\(file):\(remark.line):\(remark.column): \(remark.description)")
            )
        }
        Output.standard.note(printable("\(file): \(Self.verdict(conversion))"))
    }

    /// The end of the story in one line: `converted in part: 3 of its things were not converted`.
    static func verdict(_ conversion: Conversion) -> String {
        let lost = conversion.remarks.count { $0.kind == .lost }
        let changed = conversion.remarks.count { $0.kind == .changed }
        let looks =
            switch changed {
            case 0: ""
            case 1: ", 1 place to look at"
            case _: ", \(changed) places to look at"
            }
        switch conversion.outcome {
        case .whole: return "converted whole\(looks)"
        case .part: return "converted in part: \(lost) not converted\(looks)"
        case .none: return "nothing was converted"
        }
    }

    static func bytes(of file: String) throws(CommandError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw CommandError(.notFound, "no file can be read at \(file)")
        }
        defer { try? handle.close() }
        do {
            // One byte more than the limit is enough to see that there are too many.
            return Array(try handle.read(upToCount: foreignBytesMax + 1) ?? Data())
        } catch {
            throw CommandError(.notFound, "\(file) cannot be read: \(error)")
        }
    }

    private func write(_ files: [ConvertedFile], to folder: String) throws(CommandError) {
        let places = files.map { (URL(filePath: folder).appending(path: $0.name), $0.text) }
        for (place, _) in places
        where !isForced && FileManager.default.fileExists(atPath: place.path) {
            throw CommandError(
                .refused,
                "\(place.relativePath) is there already",
                hint: "--force writes over it"
            )
        }
        do {
            for (place, text) in places {
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: place)
                Output.standard.note("wrote \(place.relativePath)")
            }
        } catch {
            throw CommandError(.exception, "\(folder) cannot be written: \(error)")
        }
    }
}

extension Dialect: ExpressibleByArgument {}
