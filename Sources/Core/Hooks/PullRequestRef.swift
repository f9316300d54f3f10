/// A ref below which a forge keeps the newest commit of a pull request.
package struct PullRequestRef: Hashable, Sendable {
    /// Whose refs have such names; GitHub's stands for Gitea's and Forgejo's too.
    package var forge: Forge
    package var number: Int

    /// Nil: it is no such ref.
    package init?(_ ref: String) {
        for forge in [Forge.github, .gitlab, .bitbucket] {
            let digits = ref.utf8.drop { !(0x30...0x39).contains($0) }
                .prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count),
                let number = Int(String(decoding: digits, as: UTF8.self)), number > 0,
                // Byte for byte, so that no second spelling stands for the same number.
                forge.headRefs(ofPullRequest: number).contains(where: {
                    $0.utf8.elementsEqual(ref.utf8)
                })
            else { continue }
            self.forge = forge
            self.number = number
            return
        }
        return nil
    }

    /// Below which all such refs lie.
    package static let folders = ["refs/pull/", "refs/merge-requests/", "refs/pull-requests/"]
}

/// What a look at the repository does about a pull request whose newest commit has moved.
package enum PolledHead: Equatable, Sendable {
    /// A delivery may yet tell of it, and would know more.
    case waits
    /// It was acted on, or is gone for good.
    case isKnown
    /// It is as if a delivery had told of it.
    case isNews(target: String)
}

/// Decides about a pull request that was found by looking.
///
/// The refs do not say what it would be merged into: that is the branch that an earlier delivery
/// named, and else the default one.
///
/// - Parameters:
///   - head: Its newest commit.
///   - acted: The commit and the target that were acted on before, by whatever way.
///   - defaultBranch: Of the repository.
///   - isTold: Whether the repository has a hook, so that a delivery is likely.
///   - seconds: For how long this commit has been seen.
/// - Returns: What to do.
package func decide(
    onPolled head: String,
    acted: (head: String, target: String)?,
    defaultBranch: String,
    isTold: Bool,
    seenFor seconds: Double
) -> PolledHead {
    if acted?.head == head { return .isKnown }
    if isTold, seconds < secondsForDelivery { return .waits }
    return .isNews(target: acted?.target ?? defaultBranch)
}

/// What a delivery may need from the push to here, the forge's own queue included.
package let secondsForDelivery = 30.0
