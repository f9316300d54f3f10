/// What a delivery says that is worth knowing: where to look, never what is there.
///
/// A frozen document, stored with its delivery; it changes only by keys that may be absent.
package struct HookNews: Equatable, Sendable, Codable {
    /// In words, for people who look through deliveries.
    package var summary: String
    /// The first ref that moved, as the forge says.
    package var ref: String?
    /// Where the first ref moved to.
    package var sha: String?
    /// Moves that were pushed with the option ``skipPushOption``; nil: none.
    package var skipped: [SkippedMove]?
    /// The pull request that is to be looked at; nil: none.
    package var pullRequest: PullRequestNews?

    /// Of one delivery; with more, the option is not honoured for the rest.
    package static let skippedMax = 100
    private static let summaryBytesMax = 300
    fileprivate static let nameBytesMax = 1_024

    package init(
        summary: String,
        ref: String? = nil,
        sha: String? = nil,
        skipped: [SkippedMove]? = nil,
        pullRequest: PullRequestNews? = nil
    ) {
        self.summary = String(decoding: summary.utf8.prefix(Self.summaryBytesMax), as: UTF8.self)
        self.ref = ref.map(bounded)
        self.sha = sha.flatMap { Ref.isSHA($0) ? $0 : nil }
        self.skipped = skipped.map { moves in
            Array(moves.filter { $0.ref.utf8.count <= Self.nameBytesMax }.prefix(Self.skippedMax))
        }
        self.pullRequest = pullRequest
    }

    /// Of a push that moved these refs.
    package init(moves: [SkippedMove], isSkipped: Bool) {
        let first = moves.first
        let name = first.map { Ref.short($0.ref) } ?? "nothing that has a name"
        let others = moves.count > 1 ? " and \(moves.count - 1) more" : ""
        self.init(
            summary: "push to \(name)\(others)" + (isSkipped ? ", not to be built" : ""),
            ref: first?.ref,
            sha: first?.sha,
            skipped: isSkipped ? moves : nil
        )
    }

    /// Whether there is more in it than that a fetch is due.
    package var isMoreThanHint: Bool { skipped != nil || pullRequest != nil }
}

/// A ref and the commit it was moved to.
package struct SkippedMove: Hashable, Sendable, Codable {
    package var ref: String
    package var sha: String

    package init(ref: String, sha: String) {
        self.ref = ref
        self.sha = sha
    }
}

/// What a forge says of a pull request; what it is made of is read from Git.
package struct PullRequestNews: Equatable, Sendable, Codable {
    package var number: Int
    /// The branch it would be merged into.
    package var target: String
    /// The branch it comes from.
    package var source: String
    /// Its newest commit, as the forge says.
    package var head: String
    /// Who opened it, as the forge shows them.
    package var author: String
    /// The same, as no other account will ever be called.
    package var authorID: String
    /// Whether the source branch is in another repository.
    package var isFork: Bool
    /// The fork as the forge names it, `owner/name`, where no ref of the repository leads to what
    /// is asked for; nil: one does.
    package var fork: String?
    /// Whether the forge says that the author belongs to the repository; nil: it does not tell.
    package var isMember: Bool?
    /// Whether it was merged or given up.
    package var isClosed: Bool
    /// Whether no forge said all this: it was found by looking; nil: no.
    package var isPolled: Bool?

    package init(
        number: Int,
        target: String,
        source: String,
        head: String,
        author: String,
        authorID: String,
        isFork: Bool,
        fork: String? = nil,
        isMember: Bool? = nil,
        isClosed: Bool = false
    ) {
        self.number = number
        self.target = bounded(target)
        self.source = bounded(source)
        self.head = bounded(head)
        self.author = bounded(author)
        self.authorID = bounded(authorID)
        self.isFork = isFork
        self.fork = fork.map(bounded)
        self.isMember = isMember
        self.isClosed = isClosed
    }

    /// Of one that no forge has told of: who opened it, and from where, is not known.
    package init(polled ref: PullRequestRef, at head: String, into target: String) {
        let name = ref.forge.headRefs(ofPullRequest: ref.number).first ?? ""
        self.init(
            number: ref.number,
            target: target,
            source: name,
            head: head,
            author: "",
            authorID: "",
            isFork: true
        )
        isPolled = true
    }

    /// Who opened it; nil: nobody knows.
    package func contributor(of forge: Forge) -> Contributor? {
        isPolled == true ? nil : Contributor(forge: forge, id: authorID, name: author)
    }

    /// Whether it comes from somebody who cannot push to the repository.
    ///
    /// Whoever put the branch into the repository itself may push there, whatever the forge
    /// says of them: it hides private memberships.
    package var isFromOutside: Bool { isFork && isMember != true }
}

/// A name that is kept; no forge has longer ones.
private func bounded(_ name: String) -> String {
    name.utf8.count <= HookNews.nameBytesMax
        ? name : String(decoding: name.utf8.prefix(HookNews.nameBytesMax), as: UTF8.self)
}

/// Which pull requests wait for a person before their first build.
package enum ApprovalRule: String, Sendable, Codable, CaseIterable {
    /// None.
    case never
    /// Those of people who cannot push to the repository.
    case outside
    /// All.
    case always

    /// Whether a pull request waits.
    ///
    /// - Parameters:
    ///   - news: What the forge says of it.
    ///   - isTrusted: Whether an earlier one of the author was let through.
    /// - Returns: Whether its build is held back.
    package func holds(_ news: PullRequestNews, isTrusted: Bool) -> Bool {
        switch self {
        case .never: false
        case .outside: news.isFromOutside && !isTrusted
        case .always: !isTrusted
        }
    }
}
