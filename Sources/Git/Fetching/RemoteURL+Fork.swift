extension RemoteURL {
    /// Where a fork is that a forge names `owner/name`, as this repository of it is reached.
    ///
    /// It is on the same host, signed in to in the same way; a name that would lead anywhere else
    /// is refused, and so is any fork of a repository that is no forge's.
    package func fork(named name: String) throws(GitError) -> RemoteURL {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isPlainName($0) }) else {
            throw GitError(.refusedURL, "the fork has a name that no forge gives")
        }
        guard localPath == nil else {
            throw GitError(.refusedURL, "a repository of this machine has no forks of a forge")
        }
        let isSuffixed = text.utf8.suffix(4).elementsEqual(".git".utf8)
        return try resolving(relative: "../../\(name)" + (isSuffixed ? ".git" : ""))
    }

    private static func isPlainName(_ name: Substring.UTF8View) -> Bool {
        guard let first = name.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
            return false
        }
        return name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case _:
                byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        }
    }
}
