extension Ref {
    private static let tryPrefix = "refs/try/"
    private static let branchBytesMax = 255

    /// The ref that a try bears, which no repository has.
    ///
    /// It is no branch: what only a branch may do, such as deploying `main`, a try of it may not,
    /// and a try is in no concurrency group of the branch's own builds.
    package static func trial(by person: String, of branch: String?) -> String {
        let name = person.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "-") }
        // Nothing that a ref of Git's own could not have.
        let path = (branch ?? "HEAD").utf8.prefix(branchBytesMax)
            .map { $0 > 0x20 && $0 != 0x7F ? $0 : UInt8(ascii: "-") }
        return tryPrefix + String(decoding: name + [UInt8(ascii: "/")] + path, as: UTF8.self)
    }

    /// The branch that was tried, where the ref is a try's.
    package static func triedBranch(_ ref: String) -> String? {
        guard ref.utf8.starts(with: tryPrefix.utf8) else { return nil }
        let rest = ref.utf8.dropFirst(tryPrefix.utf8.count)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        return String(decoding: rest[rest.index(after: slash)...], as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        case _: false
        }
    }
}

extension Build {
    /// Why it gives nothing to others, however green it is; nil: it may.
    ///
    /// What a release is made of, or moved by, is a commit that everybody can look up. A build
    /// that follows a try is of the same commit, and so is one that somebody starts of it by hand.
    ///
    /// - Parameter isTried: Whether the commit came with a try and was never pushed.
    /// - Returns: The sentence that the step ends with.
    package func releaseObstacle(isTried: Bool) -> String? {
        guard isTried || event == .trial || Ref.triedBranch(ref) != nil else { return nil }
        return "A try is not released: nobody has reviewed what was not pushed. Push it, and let "
            + "that build do it."
    }
}
