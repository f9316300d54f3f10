import Foundation
import Git
import Glibc

/// A working tree as it is now, to be sent to a server.
package struct TrySource: Sendable {
    /// Its top folder.
    package let folder: String
    /// The URLs of its remotes, `origin` first.
    package let remotes: [String]
    /// The short name of the branch that is checked out.
    package let branch: String?
    /// The commit of what is there now: `HEAD` itself where nothing differs.
    package let sha: String
    /// That commit and those before it, nearest first.
    package let lineage: [String]
    private let scratch: String

    /// Takes the working tree around a folder; nothing is written to it or its repository.
    package init(around folder: String, by author: String, in scratch: String) async throws {
        let tree = try WorkingTree(around: folder)
        self.folder = tree.folder
        self.scratch = scratch
        remotes = try tree.remotes()
        branch = tree.branch.map { $0.replacing("refs/heads/", with: "", maxReplacements: 1) }
        try FileManager.default.createDirectory(
            atPath: scratch,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let name = WorkingTree.Author(name: author, email: "\(author)@localhost")
        let sha = try await tree.snapshot(into: "\(scratch)/store", by: name)
        self.sha = sha
        lineage = try await Mirror(at: "\(scratch)/store").read { try $0.lineage(of: sha) }
    }

    /// Writes what a server lacks that has the known commits.
    ///
    /// - Returns: The path of the bundle, and its bytes.
    package func bundle(knowing known: [String]) async throws -> (path: String, byteCount: Int) {
        let path = "\(scratch)/try.bundle"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw LocalRunError("\(path) cannot be written") }
        defer { close(file) }
        let sha = sha
        try await Mirror(at: "\(scratch)/store").read { reader in
            try reader.writeTrial(of: sha, known: known, to: file)
        }
        let count = Int(lseek(file, 0, SEEK_END))
        guard count <= TrialPack.bytesMax else {
            throw LocalRunError(
                "what the server lacks has \(count >> 20) MiB, and a try may have "
                    + "\(TrialPack.bytesMax >> 20)",
                hint: "push first, or let .gitignore leave out what is built and downloaded"
            )
        }
        return (path, count)
    }
}
