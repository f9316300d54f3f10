import Core
import Synchronization

/// What was read of the refs of mirrors, until a fetch moves one.
///
/// A thousand builds of one branch ask the same; each answer costs a walk through the refs.
final class RefAnswers: Sendable {
    /// The commit that a name stands for, and the full ref when the name is a branch or tag.
    struct Resolved: Sendable {
        var ref: String
        var commit: Commit
    }

    fileprivate struct Answers {
        let generation: Int
        var resolved: [String: Resolved] = [:]
        var versionTags: [String: VersionTag] = [:]
    }

    private let answers = Mutex<[RepositoryID: Answers]>([:])
    /// Of one repository and kind.
    private static let countMax = 500

    func resolved(_ name: String, in id: RepositoryID, at generation: Int) -> Resolved? {
        answers.withLock { $0[id, at: generation].resolved[name] }
    }

    func versionTag(of sha: String, in id: RepositoryID, at generation: Int) -> VersionTag? {
        answers.withLock { $0[id, at: generation].versionTags[sha] }
    }

    /// Notes an answer that was read when the mirror had this generation, or after.
    func note(_ resolved: Resolved, of name: String, in id: RepositoryID, at generation: Int) {
        note(in: id, at: generation) { answers in
            if answers.resolved.count >= Self.countMax { answers.resolved = [:] }
            answers.resolved[name] = resolved
        }
    }

    /// The same of a commit's version.
    func note(_ tag: VersionTag, of sha: String, in id: RepositoryID, at generation: Int) {
        note(in: id, at: generation) { answers in
            if answers.versionTags.count >= Self.countMax { answers.versionTags = [:] }
            answers.versionTags[sha] = tag
        }
    }

    private func note(
        in id: RepositoryID,
        at generation: Int,
        _ change: (inout Answers) -> Void
    ) {
        answers.withLock { answers in
            var changed = answers[id, at: generation]
            change(&changed)
            answers[id] = changed
        }
    }

    func forget(_ id: RepositoryID) {
        answers.withLock { $0[id] = nil }
    }
}

extension [RepositoryID: RefAnswers.Answers] {
    fileprivate subscript(id: RepositoryID, at generation: Int) -> RefAnswers.Answers {
        if let known = self[id], known.generation == generation { return known }
        return RefAnswers.Answers(generation: generation)
    }
}
