/// One file of a release.
package struct ReleaseEntry: Equatable, Sendable {
    /// In bytes; the frames that carry blobs count in 32 bits.
    package static let sizeMax = Int(UInt32.max)

    package var path: ReleasePath
    /// Of the file's bytes; of a link, of its target's text.
    package var digest: ContentDigest
    /// In bytes.
    package var size: Int
    package var mode: EntryMode

    package init(path: ReleasePath, digest: ContentDigest, size: Int, mode: EntryMode) {
        self.path = path
        self.digest = digest
        self.size = size
        self.mode = mode
    }
}

/// What a node makes of an entry's bytes; the numbers are those of the file system.
package enum EntryMode: Int, Sendable, CaseIterable {
    case file = 0o644
    case executable = 0o755
    /// A symbolic link, whose bytes are its target.
    case link = 0o120000
}
