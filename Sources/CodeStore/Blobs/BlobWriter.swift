package import Core

package import struct Foundation.Date

/// Stores one blob of any size as its bytes arrive.
///
/// Holds about 4 MiB. What was stored when the writer is dropped before its end is removed by the
/// next garbage collection.
package struct BlobWriter: Sendable {
    /// Bytes stored in one transaction.
    private static let batchByteCount = 4 << 20
    /// Bytes cut in one go.
    private static let strideByteCount = 1 << 20

    private let store: CodeStoreDatabase
    private let announced: ContentDigest?
    private let claim: ChunkClaim
    private var chunker = ContentChunker()
    private var hash = RunningHash()
    private var size = 0
    private var batch: [RawChunk] = []
    private var batched = 0
    private var placed = 0
    private var places: [ChunkPlace] = []

    init(store: CodeStoreDatabase, announced: ContentDigest?) {
        self.store = store
        self.announced = announced
        claim = ChunkClaim(store.claims)
    }

    /// Takes the next bytes.
    package mutating func append(_ piece: [UInt8]) async throws {
        size += piece.count
        guard size <= ReleaseEntry.sizeMax else {
            throw CodeStoreError.invalid("a blob has at most \(ReleaseEntry.sizeMax) bytes")
        }
        hash.update(piece)
        for start in stride(from: 0, to: piece.count, by: Self.strideByteCount) {
            let chunks = chunker.append(
                piece[start..<min(start + Self.strideByteCount, piece.count)]
            )
            try await add(chunks)
        }
    }

    /// Stores the blob, provided that its bytes are the announced ones.
    package mutating func finish(at now: Date) async throws -> ContentDigest {
        let digest = hash.digest
        if let announced, announced != digest {
            throw CodeStoreError.digestMismatch(announced: announced, actual: digest)
        }
        try await add(chunker.finish())
        try await flush()
        let (size, places) = (size, places)
        try await store.write { db in
            try BlobRows(db).ensure(digest, size: size, chunks: places, at: now.milliseconds)
        }
        return digest
    }

    private mutating func add(_ chunks: [RawChunk]) async throws {
        batch += chunks
        batched += chunks.reduce(0) { $0 + $1.bytes.count }
        if batched >= Self.batchByteCount { try await flush() }
    }

    private mutating func flush() async throws {
        let ids = try await store.put(batch, claim: claim)
        for (chunk, id) in zip(batch, ids) {
            places.append(ChunkPlace(start: placed, id: id))
            placed += chunk.bytes.count
        }
        batch = []
        batched = 0
    }
}
