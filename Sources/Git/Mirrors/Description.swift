import CLibgit2

/// Where a commit stands after the nearest version tag, as `git describe --tags --match 'v*'` says.
package struct Description: Equatable, Sendable {
    /// The tag's short name, such as `v1.4.0`.
    package var tag: String
    /// Commits since the tag; 0 when the tag is on the commit itself.
    package var distance: Int
    /// The first eight digits of the commit.
    package var shortSHA: String
}

extension Description: CustomStringConvertible {
    /// Git's own form: `v1.4.0`, or `v1.4.0-3-gdeadbeef`.
    package var description: String { distance == 0 ? tag : "\(tag)-\(distance)-g\(shortSHA)" }
}

extension MirrorReader {
    /// Finds the nearest tag that starts with `v`; nil when there is none in the history.
    ///
    /// Also nil when none is among the last `commitCountMax` commits: the walk is bounded.
    package func describe(
        _ sha: String,
        commitCountMax: Int = 20_000
    ) throws(GitError) -> Description? {
        let id = try ObjectID(sha: sha)
        let tags = try versionTags()
        guard !tags.isEmpty else { return nil }
        var search = TagSearch(tags: tags, commitCountMax: commitCountMax)
        guard let (tag, distance) = try search.nearest(to: id, in: repository) else { return nil }
        let short = tag.name.dropFirst("refs/tags/".utf8.count)
        return Description(
            tag: RefText.encode(short),
            distance: distance,
            shortSHA: String(id.sha.prefix(8))
        )
    }

    private func versionTags() throws(GitError) -> [ObjectID: TagSearch.Tag] {
        var tags: [ObjectID: TagSearch.Tag] = [:]
        for ref in try repository.storedRefs(below: ["refs/tags/v"]) {
            // A tag that cannot be read must not stop the others from being found.
            guard let commit = (try? repository.peeled(ref.target)) ?? nil else { continue }
            let tag = TagSearch.Tag(
                name: ref.name,
                isAnnotated: commit != ref.target,
                seconds: commit == ref.target ? 0 : repository.taggedAt(ref.target)
            )
            if tags[commit].map({ tag.isBetter(than: $0) }) ?? true { tags[commit] = tag }
        }
        return tags
    }
}

extension GitRepository {
    /// When an annotated tag was made, in seconds since 1970; 0 where it does not say.
    fileprivate func taggedAt(_ id: ObjectID) -> Int64 {
        guard let bytes = try? content(of: id, kind: GIT_OBJECT_TAG) else { return 0 }
        for line in bytes.split(separator: 0x0A, maxSplits: 8) {
            guard let tagger = line.value(after: "tagger ") else { continue }
            return CommitObject.Signature(parsing: tagger).seconds
        }
        return 0
    }
}
