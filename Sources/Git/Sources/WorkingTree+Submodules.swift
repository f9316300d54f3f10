import CLibgit2
import Glibc

/// What was in a checkout and in the submodules below it.
package struct TreeSnapshot: Equatable, Sendable {
    package var sha: String
    /// The bare repositories that hold the commits of those submodules that are checked out, by
    /// their paths from the top.
    package var stores: [String: String]
    /// Why some cannot be taken as they are.
    package var problems: [String: GitError]
}

extension WorkingTree {
    /// Writes what is in the checkout and in its submodules, each as it is on this disk.
    ///
    /// The commits of submodules go to stores of their own beside this one. A submodule that is
    /// not checked out, cannot be read, or is beyond the limits of ``SubmoduleTree`` stands at the
    /// commit that the index names: whether that matters, only a job can say.
    package func wholeSnapshot(
        into store: String,
        by author: Author
    ) async throws -> TreeSnapshot {
        try await BlockingThreads.work.run {
            var snapshot = TreeSnapshot(sha: "", stores: [:], problems: [:])
            snapshot.sha = try write(into: store, by: author, below: [], depth: 0, &snapshot)
            return snapshot
        }
    }

    private func write(
        into store: String,
        by author: Author,
        below parent: [UInt8],
        depth: Int,
        _ snapshot: inout TreeSnapshot
    ) throws(GitError) -> String {
        var modules: [(path: [UInt8], id: ObjectID)] = []
        for path in try modulePaths() where depth < SubmoduleTree.depthMax {
            let whole = String(decoding: parent + path, as: UTF8.self)
            guard snapshot.stores.count < SubmoduleTree.countMax else { break }
            do {
                guard let inner = try module(at: path) else { continue }
                let innerStore = "\(store)-\(modules.count)"
                let sha = try inner.write(
                    into: innerStore,
                    by: author,
                    below: parent + path + [UInt8(ascii: "/")],
                    depth: depth + 1,
                    &snapshot
                )
                modules.append((path, try ObjectID(sha: sha)))
                snapshot.stores[whole] = innerStore
            } catch {
                snapshot.problems[whole] = error
            }
        }
        return try write(into: store, by: author, modules: modules)
    }

    /// The paths that Git keeps as commits of other repositories.
    private func modulePaths() throws(GitError) -> [[UInt8]] {
        let repository = try GitRepository(at: folder)
        let pointer = repository.pointer
        let index = try Handle("read the index", free: git_index_free) {
            git_repository_index(&$0, pointer)
        }
        return (0..<git_index_entrycount(index.pointer)).compactMap { place in
            guard let entry = git_index_get_byindex(index.pointer, place)?.pointee,
                entry.mode == GIT_FILEMODE_COMMIT.rawValue, let path = entry.path
            else { return nil }
            return bytes(of: path)
        }
    }

    /// The checkout of a submodule; nil where there is none.
    private func module(at path: [UInt8]) throws(GitError) -> WorkingTree? {
        let place = folder + "/" + String(decoding: path, as: UTF8.self)
        guard access(place + "/.git", F_OK) == 0 else { return nil }
        return try WorkingTree(around: place)
    }

    /// Puts a submodule's commit into an index.
    func stand(
        _ module: (path: [UInt8], id: ObjectID),
        in index: OpaquePointer
    ) throws(GitError) {
        let status = module.path.cString.withUnsafeBufferPointer { path in
            var entry = git_index_entry()
            entry.mode = GIT_FILEMODE_COMMIT.rawValue
            entry.id = module.id.raw
            entry.path = path.baseAddress
            return git_index_add(index, &entry)
        }
        try check(status, "note the submodule \(String(decoding: module.path, as: UTF8.self))")
    }
}
