/// The names of one word: what every expression of a build may ask.
package enum ContextName: String, Sendable, CaseIterable {
    case event
    /// The full ref, such as `refs/heads/main`.
    case ref
    /// Empty where the ref is no branch.
    case branch
    /// Empty where the ref is no tag.
    case tag
    case sha
    case shortSHA = "short_sha"
    case defaultBranch = "default_branch"
    case author
    case message
    case changedFiles = "changed_files"
    case pipeline
    /// The build's number.
    case build
    /// The job's.
    case channel
    /// The version that Git's history gives.
    case semver

    package var type: ExpressionType {
        switch self {
        case .event, .ref, .branch, .tag, .sha, .shortSHA, .defaultBranch, .author, .message,
            .pipeline, .channel, .semver:
            .text
        case .changedFiles: .texts
        case .build: .number
        }
    }

    package var availability: Availability {
        switch self {
        case .event, .ref, .branch, .tag, .sha, .shortSHA, .defaultBranch, .author, .message,
            .changedFiles, .pipeline, .channel:
            .planning
        case .build, .semver: .ready
        }
    }
}

/// The names of more words, by their first one.
enum ContextFamily: String, CaseIterable {
    case matrix
    case inputs
    case env
    case needs
}
