/// How much one fetch may take.
package struct FetchLimits: Equatable, Sendable {
    /// The whole fetch, connecting included.
    package var deadline: Duration
    /// Received bytes of pack.
    package var bytesMax: Int
    package var objectsMax: Int
    /// Branches and tags of the remote.
    package var refsMax: Int

    package init(
        deadline: Duration = .seconds(60),
        bytesMax: Int = 2 << 30,
        objectsMax: Int = 5_000_000,
        refsMax: Int = 50_000
    ) {
        self.deadline = deadline
        self.bytesMax = bytesMax
        self.objectsMax = objectsMax
        self.refsMax = refsMax
    }
}

/// How far a running fetch has come.
package struct FetchProgress: Equatable, Sendable {
    /// Objects the far side will send; 0 until it said so.
    package var objectsTotal = 0
    package var objectsReceived = 0
    package var bytesReceived = 0

    package init() {}
}

/// What a remote may be shown to prove who we are; never part of a URL.
package struct FetchCredentials: Sendable {
    /// The name and password, or token, for `https://`.
    package var password: (user: String, secret: String)?
    /// The private key for `ssh://`, with an optional passphrase.
    ///
    /// Without one, the SSH agent is asked, then the keys of `~/.ssh` that need no passphrase.
    package var key: (path: String, passphrase: String?)?

    /// Nothing but what the user that runs Slipway has for SSH.
    package static let automatic = FetchCredentials()

    package init(
        password: (user: String, secret: String)? = nil,
        key: (path: String, passphrase: String?)? = nil
    ) {
        self.password = password
        self.key = key
    }
}

/// What a remote has now, after a fetch brought all of it here.
package struct FetchedRefs: Equatable, Sendable {
    /// Full names of branches and tags, with the commits they lead to.
    ///
    /// A name that is not plain UTF-8 in NFC has `%XX` for the bytes that are not ASCII.
    /// Tags of something that is no commit are left out.
    package var commits: [String: String]
    /// The branch that the remote's `HEAD` names, such as `main`; nil when it names none.
    package var defaultBranch: String?
    /// Full names of the refs that forges keep of pull requests, with what they point to, which
    /// was not brought; empty where nobody asked for them.
    package var pullRequestHeads: [String: String]

    package init(
        commits: [String: String],
        defaultBranch: String?,
        pullRequestHeads: [String: String] = [:]
    ) {
        self.commits = commits
        self.defaultBranch = defaultBranch
        self.pullRequestHeads = pullRequestHeads
    }
}
