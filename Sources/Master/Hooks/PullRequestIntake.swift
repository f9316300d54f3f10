import Core
import Foundation
import Git
import Storage

/// Builds what a pull request would make of its target branch, once for each of its commits.
///
/// Only its number and its branches come from the forge's word; the commits are read from Git.
struct PullRequestIntake: Sendable {
    let database: ControlDatabase
    let mirrors: Mirrors
    let actions: BuildActions
    let rule: ApprovalRule

    /// Acts on what a forge told.
    ///
    /// - Returns: What came of it, in words.
    func take(
        _ news: PullRequestNews,
        from forge: Forge,
        of repository: Repository
    ) async throws -> String {
        if news.isClosed {
            try await close(news, of: forge, in: repository)
            return "closed: nothing is built"
        }
        let refs = try await mirrors.bring(
            forge.headRefs(ofPullRequest: news.number)
                + forge.mergeRefs(ofPullRequest: news.number),
            of: repository
        )
        let branches = try await mirrors.mirror(of: repository).read { try $0.refs() }
        guard let target = branches[Ref.branchPrefix + news.target] else {
            return "not built: there is no branch \(news.target) to merge it into"
        }
        let found = forge.headRefs(ofPullRequest: news.number).lazy.compactMap { refs[$0] }.first
        let head: String
        if let found {
            head = found
        } else if let own = try await source(of: news, in: repository, branches) {
            head = own
        } else {
            return
                "not built: \(forge.title) keeps its newest commit under no ref of this repository"
        }
        let wish = Wish(
            news: news,
            forge: forge,
            head: head,
            target: target,
            repository: repository
        )
        let merges = forge.mergeRefs(ofPullRequest: news.number).compactMap { refs[$0] }
        return try await start(wish, merges)
    }

    /// The branch it comes from, for a forge that keeps no ref of pull requests.
    private func source(
        of news: PullRequestNews,
        in repository: Repository,
        _ branches: [String: String]
    ) async throws -> String? {
        guard news.isFork else { return branches[Ref.branchPrefix + news.source] }
        guard let fork = news.fork else { return nil }
        return try await mirrors.bring(branch: news.source, ofFork: fork, of: repository)
    }

    /// Its refs stay after its end, and are not to be taken for a new one by whoever looks at them.
    private func close(
        _ news: PullRequestNews,
        of forge: Forge,
        in repository: Repository
    ) async throws {
        try await database.write { tx in
            try tx.forgetPullRequest(news.number, of: repository.id)
            guard repository.pollsPullRequests, Ref.isSHA(news.head) else { return }
            for ref in forge.headRefs(ofPullRequest: news.number) {
                try tx.noteHead(ref, at: news.head, of: repository.id)
            }
        }
    }

    /// A pull request with the commits that are in question.
    private struct Wish {
        var news: PullRequestNews
        var forge: Forge
        var head: String
        /// The commit of the branch it would be merged into.
        var target: String
        var repository: Repository

        var state: PullRequestState {
            PullRequestState(number: news.number, head: head, target: news.target)
        }

        var contributor: Contributor? { news.contributor(of: forge) }

        var reason: String {
            contributor.map { "Pull request #\(news.number) by \($0.name) into \(news.target)" }
                ?? "Pull request #\(news.number), into \(news.target) as nothing says otherwise, "
                + "found without a delivery"
        }
    }

    private func start(_ wish: Wish, _ merges: [String]) async throws -> String {
        let (isKnown, isTrusted) = try await database.read { tx in
            (
                try tx.isKnown(wish.state, of: wish.repository.id),
                try wish.contributor.map { try tx.isTrusted($0, in: wish.repository.id) } ?? false
            )
        }
        if isKnown { return "\(wish.head.prefix(8)) was acted on before" }
        let commit = try await mirrors.commit(wish.head, of: wish.repository)
        if asksToSkip(commit.message, on: .pullRequest) {
            return try await accept(wish, commit, [], or: "its message asks for no build")
        }
        var built = commit
        var drafts: [BuildDraft]
        switch try await merge(wish, merges) {
        case .merged(let sha):
            built.sha = sha
            drafts = try await self.drafts(wish, built)
            try await mirrors.keep(sha, of: wish.repository)
        case .conflict(let paths):
            drafts = try await self.drafts(wish, built).map {
                $0.conflicting(paths, wish.news.target)
            }
            try await mirrors.keep(wish.head, of: wish.repository)
        }
        if rule.holds(wish.news, isTrusted: isTrusted) {
            drafts = drafts.map { $0.held(for: wish.contributor) }
        }
        return try await accept(wish, built, drafts, or: "no pipeline is for pull requests like it")
    }

    /// The forge's own merge where it is of these very commits; it comes later than the news.
    private func merge(_ wish: Wish, _ merges: [String]) async throws -> MergeResult {
        let mirror = try mirrors.mirror(of: wish.repository)
        for sha in merges {
            let parents = try await mirror.read { try $0.commit(sha).parents }
            if parents == [wish.target, wish.head] { return .merged(sha) }
        }
        return try await mirror.merge(wish.head, into: wish.target)
    }

    private func change(_ wish: Wish, _ commit: Commit) -> Change {
        Change(
            repository: wish.repository.id,
            event: .pullRequest,
            ref: "refs/pull/\(wish.news.number)/merge",
            before: wish.target,
            commit: commit,
            actor: wish.contributor?.name ?? commit.author,
            pullRequest: PullRequest(
                number: wish.news.number,
                target: wish.news.target,
                source: wish.news.source,
                contributor: wish.contributor,
                isFork: wish.news.isFork
            )
        )
    }

    private func drafts(_ wish: Wish, _ commit: Commit) async throws -> [BuildDraft] {
        try await mirrors.drafts(
            for: change(wish, commit),
            in: wish.repository,
            reason: wish.reason
        ).filter { !$0.isPassed }
    }

    private func accept(
        _ wish: Wish,
        _ commit: Commit,
        _ drafts: [BuildDraft],
        or nothing: String
    ) async throws -> String {
        let change = change(wish, commit)
        let builds = try await database.write { tx in
            try tx.accept(change, as: wish.state, starting: drafts, at: Date())
        }
        guard let builds else { return "\(wish.head.prefix(8)) was acted on before" }
        actions.announce(builds)
        if builds.isEmpty { return "not built: \(nothing)" }
        let numbers = builds.map { "#\($0.number)" }.joined(separator: ", ")
        return "started \(numbers)"
    }
}

extension BuildDraft {
    /// The red build of a pull request that cannot be merged.
    fileprivate func conflicting(_ paths: [String], _ target: String) -> BuildDraft {
        let problems = paths.map { path in
            Problem(
                path: path,
                line: 0,
                column: 0,
                message: "both sides changed it: merge or rebase onto \(target), and push again"
            )
        }
        var draft = BuildDraft(pipeline: pipeline, reason: reason, problems: problems)
        draft.hasConflict = true
        return draft
    }

    /// The same, waiting for a person's word.
    fileprivate func held(for contributor: Contributor?) -> BuildDraft {
        guard plan != nil else { return self }
        let why =
            contributor.map {
                "\($0.name) opened the pull request, and nobody has let one of theirs through yet."
            } ?? "no forge has told who opened the pull request."
        var draft = self
        draft.holds.append(.approval("Somebody who may start builds must approve it: \(why)"))
        return draft
    }
}
