import Core
import Foundation

/// A push as GitHub tells it, and Gitea and Forgejo after it.
private struct Push: Decodable {
    var ref: String
    var after: String
}

/// A pull request as GitHub tells it, and Gitea and Forgejo after it.
private struct PullRequestEvent: Decodable {
    struct Side: Decodable {
        struct Repository: Decodable {
            var id: Int64
        }

        var ref: String
        var sha: String
        /// Nil when the fork was deleted.
        var repo: Repository?
    }

    struct Person: Decodable {
        var id: Int64
        var login: String
    }

    struct PullRequest: Decodable {
        enum CodingKeys: String, CodingKey {
            case user
            case head
            case base
            case association = "author_association"
        }

        /// Nil when the account was deleted.
        var user: Person?
        var head: Side
        var base: Side
        var association: String?
    }

    enum CodingKeys: String, CodingKey {
        case action
        case number
        case request = "pull_request"
    }

    var action: String
    var number: Int
    var request: PullRequest
}

func readGitHub(
    _ body: Data,
    event: String,
    of forge: Forge
) throws(HookProblem) -> HookReading {
    switch event {
    case "push":
        let push: Push = try payload(in: body, of: forge)
        return .news(
            HookNews(moves: [SkippedMove(ref: push.ref, sha: push.after)], isSkipped: false)
        )
    case "pull_request", "pull_request_sync":
        let event: PullRequestEvent = try payload(in: body, of: forge)
        return event.reading
    case "ping":
        return .ignored("the hook works")
    case let other:
        return .ignored("\(other) starts no builds")
    }
}

extension PullRequestEvent {
    fileprivate var reading: HookReading {
        // The second word of each pair is Gitea's and Forgejo's.
        let actions = [
            "opened", "reopened", "synchronize", "synchronized", "edited", "ready_for_review",
            "closed",
        ]
        guard actions.contains(action) else {
            return .ignored("pull request #\(number) was \(action), which starts no builds")
        }
        let news = PullRequestNews(
            number: number,
            target: request.base.ref,
            source: request.head.ref,
            head: request.head.sha,
            author: request.user?.login ?? "a deleted account",
            authorID: request.user.map { String($0.id) } ?? "",
            isFork: request.head.repo == nil || request.head.repo?.id != request.base.repo?.id,
            isMember: request.association.map(Self.members.contains),
            isClosed: action == "closed"
        )
        return .news(
            HookNews(
                summary: "pull request #\(number) was \(action)",
                ref: nil,
                sha: news.head,
                pullRequest: news
            )
        )
    }

    private static let members: Set<String> = ["OWNER", "MEMBER", "COLLABORATOR"]
}
