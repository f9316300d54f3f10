import Core
import Foundation

/// A push as the cloud tells it.
private struct CloudPush: Decodable {
    struct Ref: Decodable {
        struct Target: Decodable {
            var hash: String
        }

        var type: String
        var name: String
        var target: Target
    }

    struct Change: Decodable {
        /// Nil when the ref is gone.
        var new: Ref?
        var old: Ref?
    }

    struct Push: Decodable {
        var changes: [Change]
    }

    var push: Push
}

/// A push as the data centre tells it.
private struct CenterPush: Decodable {
    struct Change: Decodable {
        struct Ref: Decodable {
            var id: String
        }

        var ref: Ref
        var toHash: String
    }

    var changes: [Change]
}

/// A pull request as the cloud tells it.
private struct CloudPullRequest: Decodable {
    struct Side: Decodable {
        struct Branch: Decodable {
            var name: String
        }

        struct Commit: Decodable {
            var hash: String
        }

        struct Repository: Decodable {
            private enum CodingKeys: String, CodingKey {
                case uuid
                case fullName = "full_name"
            }

            var uuid: String
            var fullName: String?
        }

        var branch: Branch
        var commit: Commit?
        /// Nil when the fork was deleted.
        var repository: Repository?
    }

    struct Person: Decodable {
        var uuid: String
        var nickname: String?
    }

    struct PullRequest: Decodable {
        var id: Int
        var source: Side
        var destination: Side
        var author: Person?
    }

    var pullrequest: PullRequest
}

/// A pull request as the data centre tells it.
private struct CenterPullRequest: Decodable {
    struct Side: Decodable {
        struct Repository: Decodable {
            var id: Int64
        }

        var displayId: String
        var latestCommit: String
        var repository: Repository
    }

    struct Author: Decodable {
        struct Person: Decodable {
            var id: Int64
            var name: String
        }

        var user: Person
    }

    struct PullRequest: Decodable {
        var id: Int
        var fromRef: Side
        var toRef: Side
        var author: Author?
    }

    var pullRequest: PullRequest
}

func readBitbucket(_ body: Data, event: String) throws(HookProblem) -> HookReading {
    switch event {
    case "repo:push":
        let push: CloudPush = try payload(in: body, of: .bitbucket)
        return .news(HookNews(moves: push.moves, isSkipped: false))
    case "repo:refs_changed", "mirror:repo_synchronized":
        let push: CenterPush = try payload(in: body, of: .bitbucket)
        let moves = push.changes.map { SkippedMove(ref: $0.ref.id, sha: $0.toHash) }
        return .news(HookNews(moves: moves, isSkipped: false))
    case "pullrequest:created", "pullrequest:updated", "pullrequest:fulfilled",
        "pullrequest:rejected":
        let request: CloudPullRequest = try payload(in: body, of: .bitbucket)
        return reading(request.news(event), event)
    case "pr:opened", "pr:from_ref_updated", "pr:to_ref_updated", "pr:modified", "pr:merged",
        "pr:declined", "pr:deleted":
        let request: CenterPullRequest = try payload(in: body, of: .bitbucket)
        return reading(request.news(event), event)
    case "diagnostics:ping":
        return .ignored("the hook works")
    case let other:
        return .ignored("\(other) starts no builds")
    }
}

private func reading(_ news: PullRequestNews, _ event: String) -> HookReading {
    .news(
        HookNews(
            summary: "pull request #\(news.number): \(event)",
            sha: news.head,
            pullRequest: news
        )
    )
}

private let endings: Set<String> = [
    "pullrequest:fulfilled", "pullrequest:rejected", "pr:merged", "pr:declined", "pr:deleted",
]

extension CloudPush {
    fileprivate var moves: [SkippedMove] {
        push.changes.compactMap { change in
            guard let ref = change.new ?? change.old else { return nil }
            let prefix = ref.type == "tag" ? Core.Ref.tagPrefix : Core.Ref.branchPrefix
            return SkippedMove(
                ref: prefix + ref.name,
                sha: change.new?.target.hash ?? noCommit
            )
        }
    }
}

extension CloudPullRequest {
    fileprivate func news(_ event: String) -> PullRequestNews {
        let source = pullrequest.source.repository
        let isFork = source == nil || source?.uuid != pullrequest.destination.repository?.uuid
        return PullRequestNews(
            number: pullrequest.id,
            target: pullrequest.destination.branch.name,
            source: pullrequest.source.branch.name,
            head: pullrequest.source.commit?.hash ?? "",
            author: pullrequest.author?.nickname ?? "a deleted account",
            authorID: pullrequest.author?.uuid ?? "",
            isFork: isFork,
            fork: isFork ? source?.fullName : nil,
            isClosed: endings.contains(event)
        )
    }
}

extension CenterPullRequest {
    fileprivate func news(_ event: String) -> PullRequestNews {
        PullRequestNews(
            number: pullRequest.id,
            target: pullRequest.toRef.displayId,
            source: pullRequest.fromRef.displayId,
            head: pullRequest.fromRef.latestCommit,
            author: pullRequest.author?.user.name ?? "a deleted account",
            authorID: pullRequest.author.map { String($0.user.id) } ?? "",
            isFork: pullRequest.fromRef.repository.id != pullRequest.toRef.repository.id,
            isClosed: endings.contains(event)
        )
    }
}
