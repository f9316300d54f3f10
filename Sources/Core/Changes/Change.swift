package import struct Foundation.Date

/// What kind of happening started a build.
package enum Event: String, Sendable, Codable, CaseIterable {
    case push
    case pullRequest = "pull_request"
    case tag
    case schedule
    /// Another pipeline's build ended.
    case pipeline
    case manual
    /// Someone sent a working tree that was not pushed.
    case trial = "try"
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
    /// Set when the event is a pull request.
    package var pullRequest: PullRequest?
    /// Set when the event is the end of another pipeline's build.
    package var upstream: Upstream?

    package init(
        repository: RepositoryID,
        event: Event,
        ref: String,
        before: String?,
        commit: Commit,
        actor: String,
        pullRequest: PullRequest? = nil,
        upstream: Upstream? = nil
    ) {
        self.repository = repository
        self.event = event
        self.ref = ref
        self.before = before
        self.commit = commit
        self.actor = actor
        self.pullRequest = pullRequest
        self.upstream = upstream
    }

    /// The branch, where the ref is one.
    package var branch: String? { Ref.branch(ref) }

    /// The tag, where the ref is one.
    package var tag: String? { Ref.tag(ref) }
}

/// A wish to merge one branch into another.
///
/// A frozen document, stored with its builds; it changes only by keys that may be absent.
package struct PullRequest: Hashable, Sendable, Codable {
    package var number: Int
    /// The branch it would be merged into.
    package var target: String
    /// The branch it comes from; of whom is not said.
    package var source: String
    /// Who opened it, where that is known.
    package var contributor: Contributor?
    /// Whether its branch is in another repository; nil: not known.
    package var isFork: Bool?

    package init(
        number: Int,
        target: String,
        source: String,
        contributor: Contributor? = nil,
        isFork: Bool? = nil
    ) {
        self.number = number
        self.target = target
        self.source = source
        self.contributor = contributor
        self.isFork = isFork
    }
}

/// An account of a forge that opens pull requests.
package struct Contributor: Hashable, Sendable, Codable {
    package var forge: Forge
    /// As no other account of the forge will ever be called.
    package var id: String
    /// As the forge shows it.
    package var name: String

    package init(forge: Forge, id: String, name: String) {
        self.forge = forge
        self.id = id
        self.name = name
    }
}

/// A build of another pipeline, on the same commit, that has ended.
package struct Upstream: Equatable, Sendable {
    package var pipeline: String
    package var result: BuildResult

    package init(pipeline: String, result: BuildResult) {
        self.pipeline = pipeline
        self.result = result
    }
}
