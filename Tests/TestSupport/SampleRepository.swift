package import Foundation

/// A bare repository with a work tree beside it, made and pushed to by the real `git`.
package struct SampleRepository: Sendable {
    /// What Slipway is told to read.
    package let bare: URL
    package let work: URL

    /// Makes both; the bare one is empty until the first push.
    package init(in scratch: Scratch, name: String = "shop") async throws {
        bare = scratch.url.appendingPathComponent("\(name).git")
        work = scratch.url.appendingPathComponent("\(name)-work")
        try await Self.git(["init", "--quiet", "--bare", bare.path])
        try await Self.git(["init", "--quiet", work.path])
        try await git(["remote", "add", "origin", bare.path])
    }

    /// Writes files by their paths, commits everything, and returns the commit's name.
    @discardableResult
    package func commit(
        _ files: [String: String],
        message: String = "Change something"
    ) async throws -> String {
        for (name, text) in files {
            let file = work.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try await git(["add", "--all"])
        try await git([
            "commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", message,
        ])
        return try await git(["rev-parse", "HEAD"])
    }

    /// Pushes the commit at hand to a branch.
    package func push(to branch: String = "main", force: Bool = false) async throws {
        try await git(
            ["push", "--quiet"] + (force ? ["--force"] : []) + [
                "origin", "HEAD:refs/heads/\(branch)",
            ]
        )
    }

    /// Commits and pushes in one go.
    @discardableResult
    package func push(
        _ files: [String: String],
        message: String = "Change something",
        to branch: String = "main"
    ) async throws -> String {
        let sha = try await commit(files, message: message)
        try await push(to: branch)
        return sha
    }

    /// Adds a submodule, from a repository of this machine, and commits it.
    package func addModule(_ url: String, at path: String) async throws {
        try await git(fetchingModules("submodule", "--quiet", "add", url, path))
        try await git(["commit", "--quiet", "-m", "Add \(path)"])
    }

    /// Runs `git` in the work tree and returns what it said.
    @discardableResult
    package func git(_ arguments: [String]) async throws -> String {
        try await Self.git(["-C", work.path] + arguments)
    }

    @discardableResult
    private static func git(_ arguments: [String]) async throws -> String {
        try await Command.run("git", arguments, environment: isolation).orThrow().text
    }

    /// Nothing of the machine's or the person's own configuration changes what a test does.
    private static let isolation = [
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "init.defaultBranch",
        "GIT_CONFIG_VALUE_0": "main",
        "GIT_AUTHOR_NAME": "Ada Lovelace",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada Lovelace",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "GIT_TERMINAL_PROMPT": "0",
    ]
}

/// The arguments of a `git` that takes submodules from this machine, which it does not by itself.
package func fetchingModules(_ arguments: String...) -> [String] {
    ["-c", "protocol.file.allow=always"] + arguments
}
