import Core

/// Cuts bytes into chunks at places the bytes themselves decide.
///
/// A change moves only the cuts near it, so the next version of a large file shares all other
/// chunks with the last. FastCDC's method: a rolling "gear" hash of the last 64 bytes cuts where
/// its
/// top bits are zero, more bits before the wished size than after it, so that sizes gather there.
///
/// The wished size is 16 KiB: a hundred edits of 10 KB scattered over 100 MB, which is one percent,
/// then cost 3 % and not 10 %. Files of up to ``sizeMax`` bytes are one chunk.
struct ContentChunker {
    static let sizeMin = 4 << 10
    static let sizeWished = 16 << 10
    static let sizeMax = 64 << 10

    /// Bytes not cut yet; more than ``sizeMax`` only while a piece is taken in.
    private var pending: [UInt8] = []
    private var hasCut = false

    /// Takes the next bytes and gives back the chunks that are sure.
    ///
    /// A cut is sure once more than ``sizeMax`` bytes lie behind the last one, so the chunks do
    /// not depend on how the bytes arrive.
    mutating func append(_ piece: some Sequence<UInt8>) -> [RawChunk] {
        pending.append(contentsOf: piece)
        return takeChunks { $0 > Self.sizeMax }
    }

    /// Gives back the last chunks: none for no bytes at all.
    mutating func finish() -> [RawChunk] {
        guard hasCut || pending.count > Self.sizeMax else {
            defer { pending = [] }
            return pending.isEmpty ? [] : [RawChunk(pending)]
        }
        return takeChunks { $0 > 0 }
    }

    /// The chunks of bytes that are all there.
    static func chunks(of bytes: [UInt8]) -> [RawChunk] {
        var chunker = ContentChunker()
        return chunker.append(bytes) + chunker.finish()
    }

    private mutating func takeChunks(while goesOn: (Int) -> Bool) -> [RawChunk] {
        var chunks: [RawChunk] = []
        var start = 0
        while goesOn(pending.count - start) {
            let length = pending.withUnsafeBytes { bytes in
                Self.cut(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            }
            chunks.append(RawChunk(Array(pending[start..<(start + length)])))
            start += length
        }
        if start > 0 { hasCut = true }
        pending.removeFirst(start)
        return chunks
    }

    /// Where to cut the chunk at the beginning of the bytes.
    private static func cut(_ bytes: UnsafeRawBufferPointer) -> Int {
        let end = min(bytes.count, sizeMax)
        guard end > sizeMin else { return end }
        var hash: UInt64 = 0
        let wished = min(end, sizeWished)
        return gear.withUnsafeBufferPointer { gear in
            for index in sizeMin..<wished {
                hash = hash << 1 &+ gear[Int(bytes[index])]
                if hash & maskBefore == 0 { return index + 1 }
            }
            for index in wished..<end {
                hash = hash << 1 &+ gear[Int(bytes[index])]
                if hash & maskAfter == 0 { return index + 1 }
            }
            return end
        }
    }

    /// Sixteen and twelve bits, around the fourteen of the wished size.
    private static let maskBefore: UInt64 = 0xFFFF << 48
    private static let maskAfter: UInt64 = 0xFFF << 52

    /// A random number for each byte, from SplitMix64.
    ///
    /// Other numbers would cut elsewhere, and nothing new would be shared with what is stored.
    private static let gear: [UInt64] = {
        var state: UInt64 = 0x736C_6970_7761_7921
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }()
}

/// A piece of a blob, before it is packed and stored.
struct RawChunk: Equatable, Sendable {
    let digest: ContentDigest
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.init(bytes, digest: ContentDigest(hashing: bytes))
    }

    /// A piece whose digest is known already.
    init(_ bytes: [UInt8], digest: ContentDigest) {
        self.bytes = bytes
        self.digest = digest
    }
}
