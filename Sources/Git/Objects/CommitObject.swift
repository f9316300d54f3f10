/// A commit, parsed from its raw bytes.
///
/// Parsed here and not by libgit2, which refuses a commit with a malformed author or date: one
/// odd commit deep in a history must not stop the builds of what came after it.
struct CommitObject {
    /// Who, and when.
    struct Signature: Equatable {
        var name: String = ""
        var email: String = ""
        /// Seconds since 1970.
        var seconds: Int64 = 0
    }

    var tree: ObjectID
    var parents: [ObjectID] = []
    var author = Signature()
    var committer = Signature()
    /// Bytes that are not UTF-8 are replaced.
    var message: String

    init(parsing bytes: [UInt8], of id: ObjectID) throws(GitError) {
        var tree: ObjectID?
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A), end > rest.startIndex {
            let line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            if let value = line.value(after: "tree "), tree == nil {
                tree = ObjectID(hex: value)
            } else if let value = line.value(after: "parent ") {
                guard let parent = ObjectID(hex: value) else {
                    throw GitError(.corrupt, "the commit \(id.sha) has a malformed parent")
                }
                parents.append(parent)
            } else if let value = line.value(after: "author ") {
                author = Signature(parsing: value)
            } else if let value = line.value(after: "committer ") {
                committer = Signature(parsing: value)
            }
        }
        guard let tree else { throw GitError(.corrupt, "the commit \(id.sha) has no tree") }
        self.tree = tree
        message = String(decoding: rest.dropFirst(), as: UTF8.self)
    }
}

extension CommitObject.Signature {
    /// Reads `Name <email> seconds zone`, forgiving what is missing.
    init(parsing line: ArraySlice<UInt8>) {
        let open = line.lastIndex(of: UInt8(ascii: "<")) ?? line.endIndex
        name = String(decoding: line[line.startIndex..<open].trimmed, as: UTF8.self)
        guard let close = line[open...].firstIndex(of: UInt8(ascii: ">")) else { return }
        email = String(decoding: line[(open + 1)..<close].trimmed, as: UTF8.self)
        let time = line[(close + 1)...].trimmed.prefix { (0x30...0x39).contains($0) }
        seconds = Int64(String(decoding: time, as: UTF8.self)) ?? 0
    }
}

extension ArraySlice<UInt8> {
    /// What follows the word, where the slice starts with it.
    func value(after word: StaticString) -> ArraySlice<UInt8>? {
        let isThere = word.withUTF8Buffer { starts(with: $0) }
        return isThere ? dropFirst(word.utf8CodeUnitCount) : nil
    }

    fileprivate var trimmed: ArraySlice<UInt8> {
        let start = drop { $0 == 0x20 }
        guard let last = start.lastIndex(where: { $0 != 0x20 }) else { return [] }
        return start[start.startIndex...last]
    }
}
