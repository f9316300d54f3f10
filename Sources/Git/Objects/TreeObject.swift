import CLibgit2

/// The entries of one folder, parsed from the raw bytes of a tree.
///
/// Parsed here and not by libgit2, so that names stay bytes and one odd name hides no other.
struct TreeObject {
    struct Entry: Equatable {
        var mode: TreeMode
        var name: ArraySlice<UInt8>
        var id: ObjectID
    }

    /// In Git's order: by bytes, folders as if their names ended with a slash.
    var entries: [Entry] = []

    init(parsing bytes: [UInt8], of id: ObjectID) throws(GitError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: 0x20),
                let mode = TreeMode(octal: rest[rest.startIndex..<space]),
                let end = rest[space...].firstIndex(of: 0),
                end > space + 1,
                rest.endIndex - end > ObjectID.byteCount
            else {
                throw GitError(.corrupt, "the tree \(id.sha) is malformed")
            }
            let after = end + 1 + ObjectID.byteCount
            let name = rest[(space + 1)..<end]
            let target = rest[(end + 1)..<after].withUnsafeBytes { ObjectID(raw: $0) }
            entries.append(Entry(mode: mode, name: name, id: target))
            rest = rest[after...]
        }
    }

    /// The entry of that very name.
    func entry(named name: some Sequence<UInt8>) -> Entry? {
        entries.first { $0.name.elementsEqual(name) }
    }
}

/// What an entry of a tree is.
enum TreeMode: Equatable {
    case file
    case executable
    case link
    case folder
    case submodule

    /// Reads Git's octal mode; old repositories have permission bits that mean nothing.
    init?(octal digits: ArraySlice<UInt8>) {
        var value: UInt32 = 0
        guard !digits.isEmpty, digits.count <= 7 else { return nil }
        for digit in digits {
            guard (0x30...0x37).contains(digit) else { return nil }
            value = value << 3 | UInt32(digit - 0x30)
        }
        switch value & 0o170000 {
        case 0o100000: self = value & 0o100 == 0 ? .file : .executable
        case 0o120000: self = .link
        case 0o040000: self = .folder
        case 0o160000: self = .submodule
        case _: return nil
        }
    }
}
