import CLibgit2

extension MirrorReader {
    /// Writes what a worker needs to check out a commit that it lacks.
    ///
    /// The stream is a Git bundle: a few lines that name the commit and the tags of its history,
    /// then a pack with the history down to `depth` (1 is the commit alone, nil is everything)
    /// and all its trees and files. `haves` are commits the worker got before with the same
    /// depth; those the mirror does not know are ignored. Content is streamed; in memory are only
    /// the names of the objects.
    package func writeSource(
        of sha: String,
        haves: [String] = [],
        depth: Int? = 50,
        to descriptor: Int32
    ) throws(GitError) {
        let id = try ObjectID(sha: sha)
        let window = try CommitWindow(from: [id], depth: depth, in: repository)
        let bases = haves.compactMap { ObjectID(hex: $0.utf8) }.filter { repository.has($0) }
        let known = try CommitWindow(from: bases, depth: depth, in: repository)
        var collector = ObjectCollector { (_) throws(GitError) in }
        try collector.add(
            window,
            in: repository,
            isKnown: known.contains,
            fallback: bases.first
        )
        let tags = try tags(in: window)
        for tag in tags { try repository.addTags(leadingFrom: tag, to: &collector) }
        let header = BundleHeader(commit: id, tags: tags, bases: bases)
        try header.write(to: descriptor)
        guard !collector.items.isEmpty else { return }
        try PackBuilder(collector.items, of: repository).write(to: descriptor)
    }

    /// The tags that lead to a commit of the window; tags that cannot be read are left out.
    private func tags(in window: CommitWindow) throws(GitError) -> [StoredRef] {
        try repository.storedRefs(below: ["refs/tags/"]).filter { tag in
            (try? repository.peeled(tag.target)).flatMap { $0 }.map(window.contains) ?? false
        }
    }
}
