/// Full ref names and the short names people use for them.
package enum Ref {
    package static let branchPrefix = "refs/heads/"
    package static let tagPrefix = "refs/tags/"

    /// The branch's short name, where the ref is a branch.
    package static func branch(_ ref: String) -> String? { rest(of: ref, after: branchPrefix) }

    /// The tag's short name, where the ref is a tag.
    package static func tag(_ ref: String) -> String? { rest(of: ref, after: tagPrefix) }

    /// The short name, or the ref itself where it is no branch, tag or try.
    package static func short(_ ref: String) -> String {
        branch(ref) ?? tag(ref) ?? triedBranch(ref).map { "try of \($0)" } ?? ref
    }

    /// Whether the text is a whole commit name: 40 lower-case hexadecimal digits.
    package static func isSHA(_ text: String) -> Bool {
        text.utf8.count == 40
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func rest(of ref: String, after prefix: String) -> String? {
        guard ref.utf8.starts(with: prefix.utf8) else { return nil }
        return String(decoding: ref.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}

/// The decision what moved between two looks at a repository's refs.
///
/// Refs other than branches and tags start nothing. The order is by name, so that the same
/// input always gives the same builds.
package enum RefMoves {
    /// A ref that points elsewhere than it did.
    package struct Move: Equatable, Sendable {
        package var ref: String
        package var before: String?
        /// Nil when the ref is gone.
        package var after: String?

        package init(ref: String, before: String?, after: String?) {
            self.ref = ref
            self.before = before
            self.after = after
        }
    }

    /// Every ref whose commit differs, new and deleted refs included.
    package static func between(_ known: [String: String], and now: [String: String]) -> [Move] {
        Set(known.keys).union(now.keys).sorted().compactMap { ref in
            known[ref] == now[ref] ? nil : Move(ref: ref, before: known[ref], after: now[ref])
        }
    }
}
