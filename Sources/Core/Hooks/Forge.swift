/// Who tells that something was pushed, and so in what shape.
package enum Forge: String, Sendable, Codable, CaseIterable {
    case github
    case gitlab
    case gitea
    case forgejo
    /// The cloud and the data centre alike.
    case bitbucket
    /// A script of one's own, such as a `post-receive` beside a bare repository.
    case git
}

extension Forge {
    /// How it calls itself.
    package var title: String {
        switch self {
        case .github: "GitHub"
        case .gitlab: "GitLab"
        case .gitea: "Gitea"
        case .forgejo: "Forgejo"
        case .bitbucket: "Bitbucket"
        case .git: "Git"
        }
    }

    /// The refs below which it keeps the newest commit of a pull request; empty where it keeps
    /// none, so that the branch itself must be had.
    package func headRefs(ofPullRequest number: Int) -> [String] {
        switch self {
        case .github, .gitea, .forgejo: ["refs/pull/\(number)/head"]
        case .gitlab: ["refs/merge-requests/\(number)/head"]
        case .bitbucket: ["refs/pull-requests/\(number)/from"]
        case .git: []
        }
    }

    /// The refs below which it may keep the result of merging one.
    package func mergeRefs(ofPullRequest number: Int) -> [String] {
        switch self {
        case .github: ["refs/pull/\(number)/merge"]
        case .gitlab: ["refs/merge-requests/\(number)/merge"]
        case .bitbucket: ["refs/pull-requests/\(number)/merge"]
        case .gitea, .forgejo, .git: []
        }
    }
}
