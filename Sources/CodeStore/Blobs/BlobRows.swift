import Core
import GRDB

import struct Foundation.Data

/// The rows of blobs and chunks, within one transaction.
struct BlobRows {
    /// A blob as its row describes it.
    struct Blob: Sendable {
        var id: Int64
        var size: Int
        var touchedAt: Int64
    }

    let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func blob(_ digest: ContentDigest) throws -> Blob? {
        try db.first("SELECT id, size, touchedAt FROM blob WHERE sha256 = ?", [digest.data]) {
            row in
            Blob(id: row[0], size: row[1], touchedAt: row[2])
        }
    }

    /// Those of the blobs that are there.
    ///
    /// One statement takes all digests, end to end: a statement for each costs three times as much.
    func blobs(_ digests: some Collection<ContentDigest>) throws -> [ContentDigest: Blob] {
        guard !digests.isEmpty else { return [:] }
        var packed = Data(capacity: digests.count * ContentDigest.byteCount)
        for digest in digests { packed.append(contentsOf: digest.bytes) }
        let found = try db.all(
            """
            WITH RECURSIVE place(start) AS (
                SELECT 1 UNION ALL SELECT start + 32 FROM place WHERE start + 32 < length(?1)
            )
            SELECT place.start / 32, blob.id, blob.size, blob.touchedAt
            FROM place JOIN blob ON blob.sha256 = substr(?1, place.start, 32)
            """,
            [packed]
        ) { row in (index: row[0] as Int, blob: Blob(id: row[1], size: row[2], touchedAt: row[3])) }
        let ordered = Array(digests)
        return Dictionary(
            found.map { (ordered[$0.index], $0.blob) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Keeps the blob from the garbage collection for another while.
    func touch(_ blob: Blob, at now: Int64) throws {
        guard blob.touchedAt < now - GarbageRule.touchInterval else { return }
        try db.run("UPDATE blob SET touchedAt = ? WHERE id = ?", [now, blob.id])
    }

    func chunk(_ digest: ContentDigest) throws -> Int64? {
        try db.number("SELECT id FROM chunk WHERE sha256 = ?", [digest.data])
    }

    /// The chunk's number, after storing it where it was not there.
    func ensure(_ chunk: PackedChunk) throws -> Int64 {
        if let id = try self.chunk(chunk.raw.digest) { return id }
        let codec: BundleFrame.Codec = chunk.packed == nil ? .raw : .deflate
        try db.run(
            "INSERT INTO chunk(sha256, size, codec, data) VALUES (?, ?, ?, ?)",
            [
                chunk.raw.digest.data, chunk.raw.bytes.count, Int(codec.rawValue),
                Data(chunk.packed ?? chunk.raw.bytes),
            ]
        )
        return db.lastInsertedRowID
    }

    /// The blob's number, after storing the row and its places where it was not there.
    @discardableResult
    func ensure(
        _ digest: ContentDigest,
        size: Int,
        chunks: [ChunkPlace],
        at now: Int64
    ) throws -> Int64 {
        if let blob = try blob(digest) {
            try touch(blob, at: now)
            return blob.id
        }
        try db.run(
            "INSERT INTO blob(sha256, size, touchedAt) VALUES (?, ?, ?)",
            [digest.data, size, now]
        )
        let id = db.lastInsertedRowID
        for chunk in chunks {
            try db.run(
                "INSERT INTO blobChunk(blobId, start, chunkId) VALUES (?, ?, ?)",
                [id, chunk.start, chunk.id]
            )
        }
        return id
    }

    /// Stores a blob whose chunks are all in memory.
    @discardableResult
    func ensure(_ blob: PackedBlob, at now: Int64) throws -> Int64 {
        var start = 0
        let places = try blob.chunks.map { chunk in
            defer { start += chunk.raw.bytes.count }
            return ChunkPlace(start: start, id: try ensure(chunk))
        }
        return try ensure(blob.digest, size: blob.size, chunks: places, at: now)
    }
}

/// Where a chunk lies in a blob.
struct ChunkPlace: Sendable {
    /// In bytes from the blob's beginning.
    var start: Int
    var id: Int64
}

/// A chunk ready to be stored.
struct PackedChunk: Sendable {
    var raw: RawChunk
    /// Nil where packing does not save a tenth, or the chunk is thought to be stored already.
    var packed: [UInt8]?
}

/// A blob ready to be stored.
struct PackedBlob: Sendable {
    var digest: ContentDigest
    var size: Int
    var chunks: [PackedChunk]

    /// Packs bytes that are not in the store.
    init(_ bytes: [UInt8], digest: ContentDigest) {
        self.digest = digest
        size = bytes.count
        let chunks =
            bytes.isEmpty || bytes.count > ContentChunker.sizeMax
            ? ContentChunker.chunks(of: bytes) : [RawChunk(bytes, digest: digest)]
        self.chunks = chunks.map { PackedChunk(raw: $0, packed: Deflate.packed($0.bytes)) }
    }
}
