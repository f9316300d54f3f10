/// A build, as far as it matters for its secrets.
package struct SecretAsker: Sendable {
    package var repository: RepositoryID
    package var repositoryName: String
    package var event: Event
    package var ref: String
    package var pullRequest: PullRequest?
    /// Whether the commit came with a try and was never pushed.
    package var isTried: Bool

    package init(_ build: Build, isTried: Bool) {
        repository = build.repository
        repositoryName = build.repositoryName
        event = build.event
        ref = build.ref
        pullRequest = build.settings.pullRequest
        self.isTried = isTried
    }
}

/// What becomes of a wish for one secret.
package enum SecretVerdict: Hashable, Sendable {
    case given(SecretTerms)
    /// A sentence without its full stop, for the log of the job.
    case refused(String)
}

/// Decides whether a build gets a secret.
///
/// The repository's own stands before the server's, also where it refuses: whoever protects a
/// secret of a repository does not mean that another of the same name takes its place.
///
/// - Parameters:
///   - name: As the step asks for it.
///   - asker: The build.
///   - known: The secrets of that name, of any repository.
/// - Returns: Whose it is, or why not.
package func secretVerdict(
    on name: String,
    for asker: SecretAsker,
    among known: [SecretTerms]
) -> SecretVerdict {
    let named = known.filter { $0.name == name }
    let terms =
        named.first { $0.repository == asker.repository } ?? named.first { $0.repository == nil }
    guard let terms else { return .refused(absence(of: name, asker)) }
    if let obstacle = distrust(asker, terms) ?? mismatch(asker, terms) {
        return .refused("the secret \(name) \(obstacle)")
    }
    return .given(terms)
}

private func absence(of name: String, _ asker: SecretAsker) -> String {
    "there is no secret \(name) for \(asker.repositoryName): an administrator sets it with "
        + "'slipway secret set \(name) --repository \(asker.repositoryName)'"
}

/// Why the code of the build is not to be trusted with it.
private func distrust(_ asker: SecretAsker, _ terms: SecretTerms) -> String? {
    if asker.event == .trial || asker.isTried || Ref.triedBranch(asker.ref) != nil {
        return terms.events.contains(.trial)
            ? nil
            : "is not for tries, whose code nobody has reviewed; push it, and that build gets it"
    }
    if asker.event == .pullRequest {
        // Who may push to a fork nobody here knows, whoever opened the pull request. A build from
        // before that was noted does not say, and is no safer for it.
        return asker.pullRequest?.isFork == false
            ? nil : "is not for pull requests from outside, whose code is of another repository"
    }
    if Ref.branch(asker.ref) != nil || Ref.tag(asker.ref) != nil { return nil }
    return asker.ref.isEmpty
        ? "is not for a bare commit, which may be anybody's; start the build of a branch or tag"
        : "is only for branches and tags; this build is of \(asker.ref)"
}

/// What the terms want that the build is not.
private func mismatch(_ asker: SecretAsker, _ terms: SecretTerms) -> String? {
    if !terms.events.isEmpty, !terms.events.contains(asker.event) {
        let events = terms.events.map(\.rawValue).joined(separator: ", ")
        return "is only for the event \(events); this build is of the event \(asker.event.rawValue)"
    }
    if terms.admits(ref: asker.ref) { return nil }
    let branches = terms.branches.joined(separator: ", ")
    return "is only for branch \(branches); this build is of \(asker.ref)"
}
