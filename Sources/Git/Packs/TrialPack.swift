import CLibgit2

/// What somebody's own commit brings along that a mirror lacks.
///
/// It travels as a Git bundle: the commits that the mirror has are its bases.
package enum TrialPack {
    /// Beyond them, what was not pushed is no longer a try.
    package static let commitsMax = 1_000
    /// Files and folders of all those commits.
    package static let objectsMax = 200_000
    /// Bytes of the bundle.
    package static let bytesMax = 64 << 20

    static func gaugeCommits(_ count: Int) throws(GitError) {
        if count > commitsMax {
            throw GitError(
                .tooLarge,
                "the server lacks more than \(commitsMax) commits of this history",
                advice: "push the branch first, or check that this is the right repository"
            )
        }
    }

    static func gaugeObjects(_ count: Int) throws(GitError) {
        if count > objectsMax {
            throw GitError(
                .tooLarge,
                "the try changes more than \(objectsMax) files",
                advice: "does .gitignore leave out what is built and downloaded?"
            )
        }
    }
}

extension MirrorReader {
    /// The commit and those before it, nearest first, and at most ``TrialPack/commitsMax``.
    package func lineage(of sha: String) throws(GitError) -> [String] {
        var found: [ObjectID] = []
        var seen: Set<ObjectID> = []
        var level = [try ObjectID(sha: sha)]
        while !level.isEmpty, found.count < TrialPack.commitsMax {
            var next: [ObjectID] = []
            for id in level where seen.insert(id).inserted {
                found.append(id)
                next += repository.parents(of: try repository.commit(id), id)
            }
            level = next
        }
        return found.prefix(TrialPack.commitsMax).map(\.sha)
    }

    /// Those of the commits that are here.
    package func known(among shas: [String]) -> [String] {
        shas.filter { sha in
            guard let id = ObjectID(hex: sha.utf8) else { return false }
            return (try? repository.header(of: id).kind) == GIT_OBJECT_COMMIT
        }
    }

    /// Writes what a mirror that has the known commits lacks of a commit.
    package func writeTrial(
        of sha: String,
        known: [String],
        to descriptor: Int32
    ) throws(GitError) {
        let id = try ObjectID(sha: sha)
        let known = Set(known.compactMap { ObjectID(hex: $0.utf8) })
        let window = try CommitWindow(
            from: [id],
            depth: nil,
            in: repository,
            isKnown: known.contains,
            gauge: { (count) throws(GitError) in try TrialPack.gaugeCommits(count) }
        )
        var collector = ObjectCollector { (count) throws(GitError) in
            try TrialPack.gaugeObjects(count)
        }
        try collector.add(window, in: repository, isKnown: known.contains)
        let bases = Set(window.nodes.values.flatMap(\.parents)).intersection(known)
        let header = BundleHeader(commit: id, tags: [], bases: bases.sorted { $0.sha < $1.sha })
        try header.write(to: descriptor)
        try PackBuilder(collector.items, of: repository).write(to: descriptor)
    }
}

extension Mirror {
    /// Takes in what ``MirrorReader/writeTrial(of:known:to:)`` wrote, and holds its commit.
    ///
    /// - Throws: When it is another commit, builds on what is not here, or is not whole.
    package func takeTrial(at path: String, of sha: String) async throws {
        let id = try ObjectID(sha: sha)
        _ = try await read { reader in
            let source = try SourceFile(at: path)
            guard source.header.commit == id else {
                throw GitError(.corrupt, "it holds \(source.header.commit.sha), not \(sha)")
            }
            if let base = source.header.bases.first(where: { !reader.repository.has($0) }) {
                throw GitError(
                    .notFound,
                    "it builds on the commit \(base.sha), which is not here",
                    advice: "ask anew which commits are known"
                )
            }
            try source.index(into: reader.repository.packFolder)
        }
        // Opened anew, so that the new pack is seen.
        _ = try await read { reader in
            try reader.requireWhole(id, above: SourceFile(at: path).header.bases)
        }
        try await keep(sha)
    }
}

extension MirrorReader {
    /// Throws unless everything is here that a commit needs beside its bases.
    fileprivate func requireWhole(_ id: ObjectID, above bases: [ObjectID]) throws(GitError) {
        let known = Set(bases)
        let window = try CommitWindow(
            from: [id],
            depth: nil,
            in: repository,
            isKnown: known.contains,
            gauge: { (count) throws(GitError) in try TrialPack.gaugeCommits(count) }
        )
        var collector = ObjectCollector { (count) throws(GitError) in
            try TrialPack.gaugeObjects(count)
        }
        try collector.add(window, in: repository, isKnown: known.contains)
        if let missing = collector.items.first(where: { !repository.has($0.id) }) {
            throw GitError(.corrupt, "it lacks the object \(missing.id.sha)")
        }
    }
}
