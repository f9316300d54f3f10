/// For whom a secret of the server is: what whoever set it said beside its value.
package struct SecretTerms: Hashable, Sendable {
    package var name: String
    /// Nil: every repository of the server.
    package var repository: RepositoryID?
    /// Patterns over branches, as `on` has them, or over whole refs that begin with `refs/`; empty:
    /// every branch and tag.
    package var branches: [String]
    /// Empty: every event but `try`.
    package var events: [Event]

    package init(
        name: String,
        repository: RepositoryID? = nil,
        branches: [String] = [],
        events: [Event] = []
    ) {
        self.name = name
        self.repository = repository
        self.branches = branches
        self.events = events
    }

    package static let branchesMax = 50
    private static let branchBytesMax = 255

    /// What is wrong with them, as a sentence for whoever sets them; nil: nothing.
    package var problem: String? {
        if !Name.isValid(name) {
            return "A secret's name is 1 to \(Name.lengthMax) letters, digits, `.`, `_` or `-`, "
                + "and begins with a letter or digit."
        }
        if branches.count > Self.branchesMax {
            return "A secret may name \(Self.branchesMax) branches: a pattern such as `release/**` "
                + "stands for many."
        }
        if !branches.allSatisfy(Self.isPattern) {
            return "A branch is a name or pattern of 1 to \(Self.branchBytesMax) bytes, such as "
                + "`main` or `release/**`, without control characters."
        }
        let branchless = events.filter { $0 == .trial || $0 == .pullRequest }
        if let event = branchless.first, !branches.isEmpty {
            return "A build of the event `\(event.rawValue)` is of no branch yet: leave out "
                + "`branches`, or that event."
        }
        return nil
    }

    private static func isPattern(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...branchBytesMax).contains(bytes.count) && bytes.first != UInt8(ascii: "/")
            && text != "!" && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// Whether one of the patterns admits the ref, and no later `!pattern` takes it back.
    func admits(ref: String) -> Bool {
        if branches.isEmpty { return true }
        let branch = Ref.branch(ref)
        let bang = UInt8(ascii: "!")
        // Refusals alone admit every other branch; a tag has to be named.
        var isIn = branch != nil && branches.allSatisfy { $0.utf8.first == bang }
        for pattern in branches {
            let isRefusal = pattern.utf8.first == bang
            let bare = isRefusal ? String(Substring(pattern.utf8.dropFirst())) : pattern
            let subject = bare.utf8.starts(with: "refs/".utf8) ? ref : branch
            if let subject, Glob(bare).matches(subject) { isIn = !isRefusal }
        }
        return isIn
    }
}
