import Glibc

/// The lines before the pack in a Git bundle.
struct BundleHeader: Equatable {
    private static let firstLine = Array("# v2 git bundle\n".utf8)
    private static let byteCountMax = 4 << 20

    var commit: ObjectID
    var tags: [StoredRef]
    /// Commits that the receiver must have already, as deep as this one is sent.
    var bases: [ObjectID]

    var bytes: [UInt8] {
        var bytes = Self.firstLine
        for base in bases { bytes += Array("-\(base.sha) \n".utf8) }
        bytes += Array("\(commit.sha) HEAD\n".utf8)
        for tag in tags { bytes += Array("\(tag.target.sha) ".utf8) + tag.name + [0x0A] }
        bytes.append(0x0A)
        return bytes
    }

    /// Writes the header; what follows is the pack.
    func write(to descriptor: Int32) throws(GitError) {
        guard bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }) else {
            throw GitError(.other, "cannot write the source: \(String(cString: strerror(errno)))")
        }
    }

    /// Reads the header at the start of the bytes, and how long it is.
    static func read(from bytes: ArraySlice<UInt8>) throws(GitError) -> (BundleHeader, Int) {
        guard bytes.starts(with: firstLine) else { throw malformed }
        var commit: ObjectID?
        var tags: [StoredRef] = []
        var bases: [ObjectID] = []
        var rest = bytes.dropFirst(firstLine.count).prefix(byteCountMax)
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty, let commit {
                let header = BundleHeader(commit: commit, tags: tags, bases: bases)
                return (header, rest.startIndex - bytes.startIndex)
            }
            if line.first == UInt8(ascii: "-"),
                let base = ObjectID(hex: line.dropFirst().prefix(40))
            {
                bases.append(base)
                continue
            }
            guard let id = ObjectID(hex: line.prefix(40)), line.count > 41 else { throw malformed }
            let name = Array(line.dropFirst(41))
            if name.elementsEqual("HEAD".utf8) {
                commit = id
            } else if name.starts(with: "refs/tags/".utf8) {
                tags.append(StoredRef(name: name, target: id))
            }
        }
        throw malformed
    }

    private static var malformed: GitError {
        GitError(.corrupt, "the source is no Git bundle", advice: "fetch it from the master again")
    }
}
