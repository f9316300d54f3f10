import Foundation
import Glibc

/// A folder of its own for one test, removed when the test is done with it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "slipway-git-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path(percentEncoded: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    /// An empty work tree with the branch `main`.
    func repository(_ name: String = "shop", _ options: String...) throws -> TestRepository {
        let repository = TestRepository(folder: path(name))
        try runGit(["init", "-q", "-b", "main"] + options + [repository.folder], in: folder)
        return repository
    }
}

/// A repository that the real `git` works on.
struct TestRepository: Sendable {
    let folder: String

    @discardableResult
    func git(_ arguments: String..., input: Data? = nil) throws -> String {
        try runGit(arguments, in: folder, input: input)
    }

    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: folder + "/" + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    /// Writes a file, commits all there is and gives the commit.
    @discardableResult
    func commit(_ text: String, to path: String = "README", message: String? = nil) throws -> String
    {
        try write(text, to: path)
        try git("add", "-A")
        try git("commit", "-q", "--allow-empty-message", "-m", message ?? "Change \(path)")
        return try head()
    }

    func head(_ name: String = "HEAD") throws -> String {
        try git("rev-parse", name + "^{commit}").trimmingCharacters(in: .newlines)
    }
}

struct GitFailure: Error, CustomStringConvertible {
    var description: String
}

/// Runs the real `git`, deaf to the configuration of whoever runs the tests.
@discardableResult
func runGit(_ arguments: [String], in folder: String, input: Data? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ann Author", "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "Cid Committer", "GIT_COMMITTER_EMAIL": "cid@example.org",
        "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    ]
    let output = Pipe()
    let errors = URL(filePath: "/tmp").appending(path: "slipway-git-\(UUID().uuidString).err")
    _ = FileManager.default.createFile(atPath: errors.path(), contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    if let input {
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        pipe.fileHandleForWriting.write(input)
        try pipe.fileHandleForWriting.close()
    } else {
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        let problem = try String(decoding: Data(contentsOf: errors), as: UTF8.self)
        throw GitFailure(description: "git \(arguments.joined(separator: " ")): \(problem)\(text)")
    }
    return text
}
