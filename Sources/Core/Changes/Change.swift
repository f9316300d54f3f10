package import struct Foundation.Date

/// What kind of happening started a build.
package enum Event: String, Sendable, Codable, CaseIterable {
    case push
    case tag
    case manual
}

/// One commit, as far as builds need to know it.
package struct Commit: Equatable, Sendable {
    /// 40 lower-case hexadecimal digits.
    package var sha: String
    /// The subject and body; empty where the author wrote none.
    package var message: String
    /// The author's name.
    package var author: String
    package var authorEmail: String
    package var committedAt: Date

    package init(
        sha: String,
        message: String,
        author: String,
        authorEmail: String,
        committedAt: Date
    ) {
        self.sha = sha
        self.message = message
        self.author = author
        self.authorEmail = authorEmail
        self.committedAt = committedAt
    }
}

/// Something that happened in a repository: a ref moved to a commit, or someone asked for a build.
package struct Change: Equatable, Sendable {
    package var repository: RepositoryID
    package var event: Event
    /// The full name, such as `refs/heads/main`; empty when a bare commit was asked for.
    package var ref: String
    /// The commit the ref pointed at before; nil for a new ref.
    package var before: String?
    package var commit: Commit
    /// Who caused it: the authenticated person of a manual build, else the commit's author.
    package var actor: String

    package init(
        repository: RepositoryID,
        event: Event,
        ref: String,
        before: String?,
        commit: Commit,
        actor: String
    ) {
        self.repository = repository
        self.event = event
        self.ref = ref
        self.before = before
        self.commit = commit
        self.actor = actor
    }

    /// The branch, where the ref is one.
    package var branch: String? { Ref.branch(ref) }

    /// The tag, where the ref is one.
    package var tag: String? { Ref.tag(ref) }
}
