/// The head of one frame of a bundle: many blobs in one stream.
///
/// A bundle is the four bytes `CSB1`, then frames of
/// `sha256[32] kind[u8] codec[u8] raw[u32] stored[u32] bytes`, numbers big-endian. Nodes fetch
/// bundles; builds upload blobs in the same form.
package struct BundleFrame: Equatable, Sendable {
    package static let magic = Array("CSB1".utf8)
    package static let headByteCount = 42

    /// What the bytes of a frame are.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// A file of a release.
        case blob = 0
    }

    /// How the bytes of a frame are packed.
    package enum Codec: UInt8, Sendable, CaseIterable {
        case raw = 0
        /// In zlib's format, as Python's `zlib` reads and writes it.
        case deflate = 1
    }

    /// Of the unpacked bytes.
    package var digest: ContentDigest
    package var kind: Kind
    package var codec: Codec
    /// Bytes after unpacking.
    package var rawCount: Int
    /// Bytes that follow the head.
    package var storedCount: Int

    package init(
        digest: ContentDigest,
        kind: Kind = .blob,
        codec: Codec,
        rawCount: Int,
        storedCount: Int
    ) {
        self.digest = digest
        self.kind = kind
        self.codec = codec
        self.rawCount = rawCount
        self.storedCount = storedCount
    }

    /// The 42 bytes of the head.
    ///
    /// - Precondition: both counts fit in 32 bits, which ``ReleaseEntry/sizeMax`` provides for.
    package var head: [UInt8] {
        var bytes = digest.bytes
        bytes.reserveCapacity(Self.headByteCount)
        bytes.append(kind.rawValue)
        bytes.append(codec.rawValue)
        for count in [UInt32(rawCount), UInt32(storedCount)] {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: count >> shift))
            }
        }
        return bytes
    }

    /// Reads a head of exactly 42 bytes.
    package init(head: ArraySlice<UInt8>) throws(ReleaseProblem) {
        let bytes = Array(head)
        guard bytes.count == Self.headByteCount, let digest = ContentDigest(bytes: bytes[..<32])
        else { throw ReleaseProblem("a frame's head is \(Self.headByteCount) bytes long") }
        guard let kind = Kind(rawValue: bytes[32]) else {
            throw ReleaseProblem("frame \(digest) is of the unknown kind \(bytes[32])")
        }
        guard let codec = Codec(rawValue: bytes[33]) else {
            throw ReleaseProblem("frame \(digest) is packed by the unknown codec \(bytes[33])")
        }
        self.digest = digest
        self.kind = kind
        self.codec = codec
        rawCount = Self.count(in: bytes[34..<38])
        storedCount = Self.count(in: bytes[38..<42])
    }

    private static func count(in bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
