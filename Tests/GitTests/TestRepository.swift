import Foundation
import TestSupport

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

/// Runs the real `git`, deaf to the configuration of whoever runs the tests.
@discardableResult
func runGit(_ arguments: [String], in folder: String, input: Data? = nil) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let environment = [
        "PATH=\(path)", "HOME=/nonexistent", "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ann Author", "GIT_AUTHOR_EMAIL=ann@example.org",
        "GIT_COMMITTER_NAME=Cid Committer", "GIT_COMMITTER_EMAIL=cid@example.org",
        "GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
    ]
    let command = try Command.runBlocking(
        "env",
        ["-i"] + environment + ["git"] + arguments,
        in: URL(filePath: folder),
        input: input
    ).orThrow()
    return String(decoding: command.output, as: UTF8.self)
}
