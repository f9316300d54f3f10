import Core
import Foundation

/// What every payload of GitLab has.
private struct Kind: Decodable {
    enum CodingKeys: String, CodingKey {
        case kind = "object_kind"
        case name = "event_name"
    }

    var kind: String?
    /// The only one that system hooks have.
    var name: String?
}

private struct Push: Decodable {
    enum CodingKeys: String, CodingKey {
        case ref
        case after
        case options = "push_options"
    }

    var ref: String
    var after: String
    var options: PushOptions?
}

/// The options of a push: `{"ci": {"skip": true}}`, or a list of words in old versions.
private struct PushOptions: Decodable {
    private struct Areas: Decodable {
        struct CI: Decodable {
            var skip: Flag?
        }

        var ci: CI?
    }

    /// Whatever is there, as long as it is not `false`.
    private struct Flag: Decodable {
        var isSet: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            isSet = (try? container.decode(Bool.self)) ?? true
        }
    }

    var isSkip: Bool

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let words = try? container.decode([String].self) {
            isSkip = words.contains(skipPushOption)
        } else {
            isSkip = (try? container.decode(Areas.self))?.ci?.skip?.isSet ?? false
        }
    }
}

private struct MergeRequest: Decodable {
    struct Attributes: Decodable {
        struct Commit: Decodable {
            var id: String
        }

        enum CodingKeys: String, CodingKey {
            case iid
            case action
            case state
            case target = "target_branch"
            case source = "source_branch"
            case targetID = "target_project_id"
            case sourceID = "source_project_id"
            case author = "author_id"
            case commit = "last_commit"
        }

        var iid: Int
        /// Nil in what a test button sends.
        var action: String?
        var state: String
        var target: String
        var source: String
        var targetID: Int64
        /// Nil when the fork was deleted.
        var sourceID: Int64?
        /// The `user` beside is whoever did something last, which may be anybody.
        var author: Int64
        var commit: Commit?
    }

    enum CodingKeys: String, CodingKey {
        case attributes = "object_attributes"
    }

    var attributes: Attributes
}

func readGitLab(_ body: Data) throws(HookProblem) -> HookReading {
    let kind: Kind = try payload(in: body, of: .gitlab)
    switch kind.kind ?? kind.name ?? "" {
    case "push", "tag_push":
        let push: Push = try payload(in: body, of: .gitlab)
        let move = SkippedMove(ref: push.ref, sha: push.after)
        return .news(HookNews(moves: [move], isSkipped: push.options?.isSkip ?? false))
    case "merge_request":
        let request: MergeRequest = try payload(in: body, of: .gitlab)
        return request.reading
    case "repository_update":
        return .news(HookNews(summary: "refs moved"))
    case let other:
        return .ignored("\(other.isEmpty ? "this" : other) starts no builds")
    }
}

extension MergeRequest {
    fileprivate var reading: HookReading {
        let action = attributes.action ?? attributes.state
        let isClosed = ["close", "merge"].contains(action)
        guard isClosed || ["open", "opened", "reopen", "update"].contains(action) else {
            return .ignored("merge request !\(attributes.iid): \(action) starts no builds")
        }
        let news = PullRequestNews(
            number: attributes.iid,
            target: attributes.target,
            source: attributes.source,
            head: attributes.commit?.id ?? "",
            author: "user \(attributes.author)",
            authorID: String(attributes.author),
            isFork: attributes.sourceID != attributes.targetID,
            isClosed: isClosed
        )
        return .news(
            HookNews(
                summary: "merge request !\(attributes.iid): \(action)",
                sha: news.head,
                pullRequest: news
            )
        )
    }
}
