import ArgumentParser
import Foundation

/// Where a run takes its secrets from: never from the command line, which everybody may read.
struct SecretOptions: ParsableArguments {
    @Option(
        name: .customLong("secret"),
        help: ArgumentHelp(
            "A secret, taken from the environment variable of that name.",
            valueName: "name"
        )
    )
    var names: [String] = []

    @Option(
        name: .customLong("secret-file"),
        help: ArgumentHelp(
            "A file of lines NAME=value; a value in double quotes may hold \\n for a line's end.",
            valueName: "file"
        ),
        completion: .file()
    )
    var files: [String] = []

    private static let fileBytesMax = 1 << 20

    /// Name to value; the environment's stand over a file's.
    func values(
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> [String: String] {
        var values: [String: String] = [:]
        for file in files { values.merge(try Self.read(file)) { $1 } }
        for name in names {
            guard !name.utf8.contains(UInt8(ascii: "=")) else {
                throw CommandError(
                    .wrongUse,
                    "a secret is not given on the command line, which everybody may read",
                    hint: "set a variable of its name, and say '--secret NAME'"
                )
            }
            guard let value = environment[name] ?? environment[name.uppercased()] else {
                throw CommandError(
                    .wrongUse,
                    "no environment variable holds the secret '\(name)'",
                    hint: "set \(name) or \(name.uppercased())"
                )
            }
            values[name] = value
        }
        return values
    }

    private static func read(_ path: String) throws(CommandError) -> [String: String] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandError(.notFound, "no file can be read at \(path)")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: fileBytesMax + 1), data.count <= fileBytesMax
        else { throw CommandError(.wrongUse, "\(path) is longer than \(fileBytesMax) bytes") }
        return try parse(String(decoding: data, as: UTF8.self), of: path)
    }

    /// Reads lines `NAME=value`, as other tools write them; `#` begins a remark.
    static func parse(_ text: String, of path: String) throws(CommandError) -> [String: String] {
        var values: [String: String] = [:]
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.isEmpty || line.first == "#" { continue }
            let pair = NamedValue(argument: String(line.trimmingPrefix("export ")))
            guard let pair else {
                throw CommandError(.wrongUse, "\(path):\(index + 1): no 'NAME=value'")
            }
            values[pair.name] = unquoted(pair.value)
        }
        return values
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, let quote = text.first, text.last == quote else { return text }
        let inner = String(text.dropFirst().dropLast())
        switch quote {
        case "'": return inner
        case "\"":
            return inner.split(separator: "\\\\", omittingEmptySubsequences: false)
                .map { $0.replacing("\\n", with: "\n").replacing("\\\"", with: "\"") }
                .joined(separator: "\\")
        case _: return text
        }
    }
}
