import Foundation
import Synchronization

/// What a worker has received of one repository, so that only what is new has to travel.
///
/// A bare store of packs with a record for each commit that is there whole, to its depth.
package final class SourceCache: Sendable {
    /// The folder of the cache.
    package let folder: String
    private let lock = SharedLock()
    /// Jobs of one build come at once; what they write down of the packs is changed by one alone.
    private let notes = Mutex<Void>(())

    /// Opens the cache in the folder, or makes an empty one there.
    package init(at folder: String) throws(GitError) {
        let repository = try GitRepository(bareAt: folder)
        try repository.limitPacking()
        PackFolder(repository.packFolder).removeLeftovers()
        self.folder = folder
    }

    /// Sees to it that a commit can be checked out.
    ///
    /// `download` is called only when the commit is missing. It gets the commits that are here,
    /// asks the master for the source with them as `haves`, and gives the path of the file that
    /// holds the answer; removing that file is its own business.
    package func obtain(
        _ sha: String,
        depth: Int? = 50,
        download: ([String]) async throws -> String
    ) async throws {
        if try await has(sha, depth: depth) { return }
        do {
            try await index(sourceAt: download(haves(depth: depth)), depth: depth)
        } catch let error as GitError where error.code == .busy {
            // The cache was emptied while the answer was on its way.
            try await index(sourceAt: download([]), depth: depth)
        }
    }

    /// Whether a commit is here whole, down to this depth.
    package func has(_ sha: String, depth: Int? = 50) async throws -> Bool {
        let id = try ObjectID(sha: sha)
        return try await run { SourceRecord(of: id, depth: depth, in: $0).exists }
    }

    /// The commits that are here whole down to this depth, last used first; at most 16.
    package func haves(depth: Int? = 50) async throws -> [String] {
        try await run { SourceRecord.newest(16, depth: depth, in: $0) }
    }

    /// Takes in what ``MirrorReader/writeSource(of:haves:depth:to:)`` wrote and gives its commit.
    ///
    /// Throws a busy error when commits it builds on have been dropped since they were offered.
    @discardableResult
    package func index(sourceAt path: String, depth: Int? = 50) async throws -> String {
        try await BlockingThreads.work.run { [self] in
            let commit = try lock.shared { try take(sourceAt: path, depth: depth) }
            // When others are at work here now, the next one tidies.
            _ = try lock.aloneIfFree { try tidy() }
            return commit.sha
        }
    }

    /// Makes a work tree of a commit with a `.git` that stands by itself.
    ///
    /// The workspace must be missing or empty. `ref` is the full name of the branch or tag that
    /// is built: on a branch `HEAD` is that branch, otherwise it is detached. Everything is
    /// copied: what a job does to its `.git` must not reach the cache. The folders of submodules
    /// are empty until each is checked out, in the order of the tree.
    package func checkOut(
        _ sha: String,
        ref: String?,
        remoteURL: String,
        depth: Int? = 50,
        into workspace: String,
        with submodules: SubmoduleTree = .none
    ) async throws {
        let id = try ObjectID(sha: sha)
        try await run { folder in
            let record = SourceRecord(of: id, depth: depth, in: folder)
            let checkout = Checkout(
                header: try record.read(),
                ref: ref,
                remoteURL: remoteURL,
                workspace: workspace,
                submodules: submodules.children(of: nil)
            )
            try checkout.make(from: GitRepository(at: folder, history: .present), depth: depth)
            record.touch()
        }
    }

    /// Makes the work tree of a submodule inside the one that has it.
    package func checkOut(
        submodule index: Int,
        of tree: SubmoduleTree,
        depth: Int? = 50,
        into workspace: String
    ) async throws {
        let submodule = tree.all[index]
        let id = try ObjectID(sha: submodule.sha)
        try await run { folder in
            let record = SourceRecord(of: id, depth: depth, in: folder)
            let checkout = Checkout(
                header: try record.read(),
                ref: nil,
                remoteURL: submodule.url,
                workspace: workspace + "/" + submodule.path,
                place: SubmodulePlace(workspace: workspace, index: index, of: tree),
                submodules: tree.children(of: index)
            )
            try checkout.make(from: GitRepository(at: folder, history: .present), depth: depth)
            record.touch()
        }
    }

    private func run<Answer: Sendable>(
        _ body: @escaping @Sendable (String) throws -> Answer
    ) async throws -> Answer {
        try await BlockingThreads.work.run { [lock, folder] in
            try lock.shared { try body(folder) }
        }
    }
}

extension SourceCache {
    private func take(sourceAt path: String, depth: Int?) throws(GitError) -> ObjectID {
        let repository = try GitRepository(at: folder, history: .present)
        let source = try SourceFile(at: path)
        let isWhole = source.header.bases.allSatisfy {
            SourceRecord(of: $0, depth: depth, in: folder).exists
        }
        guard isWhole else {
            throw GitError(
                .busy,
                "the source builds on commits that were dropped",
                advice: "fetch it again without haves"
            )
        }
        try source.index(into: repository.packFolder)
        return try notes.withLock { _ throws(GitError) in
            try note(source.header, depth: depth)
        }
    }

    /// Writes down that the packs hold a commit, and where its history is cut.
    private func note(_ header: BundleHeader, depth: Int?) throws(GitError) -> ObjectID {
        let repository = try GitRepository(at: folder, history: .present)
        let commit = header.commit
        let window = try CommitWindow(from: [commit], depth: depth, in: repository)
        let cut = window.boundary.union(repository.shallow)
        if cut != repository.shallow { try ShallowFile.write(cut, in: folder) }
        try SourceRecord(of: commit, depth: depth, in: folder).write(header)
        return commit
    }

    /// Keeps the packs few and small: every checkout copies them all.
    private func tidy() throws(GitError) {
        let repository = try GitRepository(at: folder, history: .present)
        let packs = PackFolder(repository.packFolder)
        if try packs.isBloated {
            try SourceRecord.removeAll(in: folder)
            try packs.removeAll()
            try ShallowFile.write([], in: folder)
        } else {
            try packs.mergeSmall(of: repository)
        }
    }
}
