import Synchronization

extension Mirror {
    /// Holds a commit until it is released, whatever happens to the remote's refs.
    package func keep(_ sha: String) async throws {
        let id = try ObjectID(sha: sha)
        if keeper.knows(id) { return }
        try await BlockingThreads.work.run { [folder, keeper] in
            let repository = try GitRepository(at: folder)
            guard repository.has(id) else {
                throw GitError(.notFound, "the commit \(sha) is not in the mirror")
            }
            try keeper.keep(id, in: repository)
        }
    }

    /// Lets go of a kept commit; one that was not kept is no error.
    package func release(_ sha: String) async throws {
        let id = try ObjectID(sha: sha)
        try await BlockingThreads.work.run { [folder, keeper] in
            try keeper.release(id, in: GitRepository(at: folder))
        }
    }
}

/// Writes the refs that hold commits, one at a time: of two writers of one ref Git refuses one.
final class Keeper: Sendable {
    /// Commits whose refs are known to be there: a thousand builds of one commit write it once.
    private let kept = Mutex<Set<ObjectID>>([])
    /// It is forgotten, not released, what does not fit.
    private static let knownMax = 10_000

    func knows(_ id: ObjectID) -> Bool { kept.withLock { $0.contains(id) } }

    func keep(_ id: ObjectID, in repository: borrowing GitRepository) throws(GitError) {
        let name = Self.ref(of: id)
        try kept.withLock { kept throws(GitError) in
            if repository.target(ofRef: name) != id { try repository.setRef(name, to: id) }
            if kept.count >= Self.knownMax { kept = [] }
            kept.insert(id)
        }
    }

    func release(_ id: ObjectID, in repository: borrowing GitRepository) throws(GitError) {
        try kept.withLock { kept throws(GitError) in
            kept.remove(id)
            try repository.removeRef(Self.ref(of: id))
        }
    }

    private static func ref(of id: ObjectID) -> [UInt8] {
        Array("refs/slipway/keep/\(id.sha)".utf8)
    }
}
