import Foundation
import TestSupport

/// The checkout these tests were built from.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below Sources and Tests, by path.
    static let swift: [SourceFile] = files(in: ["Sources", "Tests"], ending: ".swift")

    static let python: [SourceFile] = files(
        in: ["Sources", "Tests", "bench", "examples", "scripts"],
        ending: ".py"
    )

    /// The Swift files of one folder.
    static func swift(below folder: String) -> [SourceFile] {
        swift.filter { $0.path.hasPrefix(folder + "/") }
    }

    /// Every path that Git keeps.
    static func tracked() throws -> [String] {
        try git(["ls-files", "-z"]).split(separator: "\0").map(String.init)
    }

    /// Runs Git in the checkout and returns what it said.
    static func git(_ arguments: [String]) throws -> String {
        // The folder may belong to somebody else, as it does in a container.
        let options = ["-c", "safe.directory=*", "-C", root.path]
        let command = try Command.runBlocking("git", options + arguments).orThrow()
        return String(decoding: command.output, as: UTF8.self)
    }

    private static func files(in folders: [String], ending suffix: String) -> [SourceFile] {
        folders.flatMap { folder in
            let paths = FileManager.default.enumerator(atPath: root.path + "/" + folder)
            return (paths?.allObjects as? [String] ?? [])
                .filter { $0.hasSuffix(suffix) }
                .map { "\(folder)/\($0)" }
        }
        .sorted()
        .compactMap { path in
            guard let data = FileManager.default.contents(atPath: root.path + "/" + path) else {
                return nil
            }
            return SourceFile(path: path, text: String(decoding: data, as: UTF8.self))
        }
    }
}
