import CLibgit2
package import Core
package import Foundation

/// A mirror opened for reading, by one thread and for one piece of work.
package struct MirrorReader: ~Copyable {
    let repository: GitRepository

    init(of repository: consuming GitRepository) {
        self.repository = repository
    }
}

/// A commit as builds and pages need it.
package struct CommitInfo: Equatable, Sendable {
    package var commit: Core.Commit
    /// The name of the commit's tree: equal trees are equal content.
    package var tree: String
    package var parents: [String]
    package var authoredAt: Date
}

extension MirrorReader {
    /// The branches and tags with the commits they lead to, as the last fetch found them.
    package func refs() throws(GitError) -> [String: String] {
        try repository.commits(of: repository.storedRefs())
    }

    /// The commit that a branch, a tag, a full ref, a whole or a shortened commit name stands for.
    ///
    /// Only names: no `main~3` and no search, whose cost has no bound.
    package func resolve(_ text: String) throws(GitError) -> String {
        for name in RefText.decode(text) {
            for prefix in ["", "refs/heads/", "refs/tags/"] {
                let ref = Array(prefix.utf8) + name
                guard ref.starts(with: "refs/".utf8), let id = repository.target(ofRef: ref),
                    let commit = try repository.peeled(id)
                else { continue }
                return commit.sha
            }
        }
        if let id = try object(named: text), let commit = try repository.peeled(id) {
            return commit.sha
        }
        throw GitError(.notFound, "there is no branch, tag or commit \"\(text)\"")
    }

    /// Reads a commit; one without a message or with a malformed author has empty ones.
    package func commit(_ sha: String) throws(GitError) -> CommitInfo {
        let id = try ObjectID(sha: sha)
        let commit = try repository.commit(id)
        return CommitInfo(
            commit: Core.Commit(
                sha: id.sha,
                message: commit.message,
                author: commit.author.name,
                authorEmail: commit.author.email,
                committedAt: Date(timeIntervalSince1970: Double(commit.committer.seconds))
            ),
            tree: commit.tree.sha,
            parents: commit.parents.map(\.sha),
            authoredAt: Date(timeIntervalSince1970: Double(commit.author.seconds))
        )
    }

    /// The commit that two histories have in common last; nil when there is none.
    package func mergeBase(of sha: String, and other: String) throws(GitError) -> String? {
        var base = git_oid()
        var one = try ObjectID(sha: sha).raw
        var two = try ObjectID(sha: other).raw
        // A history that was cut reads as one with nothing in common.
        guard git_merge_base(&base, repository.pointer, &one, &two) == 0 else { return nil }
        return ObjectID(base).sha
    }

    private func object(named text: String) throws(GitError) -> ObjectID? {
        let digits = text.utf8.count
        guard (4...40).contains(digits), let prefix = ObjectID.prefix(hex: text) else { return nil }
        var short = prefix.raw
        var found = git_oid()
        switch git_odb_exists_prefix(&found, repository.odb, &short, digits) {
        case 0: return ObjectID(found)
        case GIT_EAMBIGUOUS.rawValue:
            throw GitError(.notFound, "\"\(text)\" is short for several objects")
        case _: return nil
        }
    }
}

extension ObjectID {
    /// Reads a shortened name, filled up with zeros.
    fileprivate static func prefix(hex text: String) -> ObjectID? {
        ObjectID(hex: Array(text.utf8) + repeatElement(0x30, count: 40 - text.utf8.count))
    }
}
