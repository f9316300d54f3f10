package import Core

package import struct Foundation.Date

extension CodeStoreDatabase {
    /// Digests taken by one call.
    package static let digestsMax = 10_000
    /// Bytes taken by one call of ``put(_:at:)``, unpacked.
    package static let batchBytesMax = 64 << 20

    /// Those of the digests that no blob has, in their order and each once.
    ///
    /// The others are kept from the garbage collection for a day, so that whoever asked can rely
    /// on the answer.
    package func missing(_ digests: [ContentDigest], at now: Date) async throws -> [ContentDigest] {
        try Self.checkCount(of: digests)
        var seen: Set<ContentDigest> = []
        let asked = digests.filter { seen.insert($0).inserted }
        let known = try await read { db in try BlobRows(db).blobs(asked) }
        guard known.values.contains(where: { GarbageRule.needsTouch($0, at: now) }) else {
            return asked.filter { known[$0] == nil }
        }
        return try await write { db in
            let rows = BlobRows(db)
            // Looked at anew: one of them may have been collected since.
            let known = try rows.blobs(asked)
            for blob in known.values { try rows.touch(blob, at: now.milliseconds) }
            return asked.filter { known[$0] == nil }
        }
    }

    /// Stores blobs that are all in memory, in one transaction.
    ///
    /// Blobs that are there already cost only the look.
    package func put(_ frames: [BundleReader.Frame], at now: Date) async throws {
        try Self.checkCount(of: frames)
        guard frames.reduce(0, { $0 + $1.head.rawCount }) <= Self.batchBytesMax else {
            throw CodeStoreError.invalid(
                "a batch has at most \(Self.batchBytesMax) bytes; send several"
            )
        }
        let known = try await missing(frames.map(\.head.digest), at: now)
        let new = Set(known)
        let blobs = try frames.filter { new.contains($0.head.digest) }.map(Self.packed)
        try await write { db in
            for blob in blobs { try BlobRows(db).ensure(blob, at: now.milliseconds) }
        }
    }

    /// Stores one blob that is in memory.
    @discardableResult
    package func put(_ bytes: [UInt8], at now: Date) async throws -> ContentDigest {
        var writer = blobWriter(for: nil)
        try await writer.append(bytes)
        return try await writer.finish(at: now)
    }

    /// A writer for one blob of any size, whose bytes must have the announced digest if there is
    /// one.
    package func blobWriter(for announced: ContentDigest?) -> BlobWriter {
        BlobWriter(store: self, announced: announced)
    }

    /// The size of a blob in bytes, or nil where it is not there.
    package func size(of digest: ContentDigest) async throws -> Int? {
        try await read { db in try BlobRows(db).blob(digest)?.size }
    }

    /// The bytes of a blob, or of the part of it that lies in a range, as they are needed.
    package func bytes(
        of digest: ContentDigest,
        in range: Range<Int>? = nil
    ) async throws -> StoredBytes {
        guard let blob = try await read({ db in try BlobRows(db).blob(digest) }) else {
            throw CodeStoreError.notFound("there is no blob \(digest)")
        }
        let whole = 0..<blob.size
        return StoredBytes([.blob(id: blob.id, whole.clamped(to: range ?? whole))], in: self)
    }

    /// Stores chunks and gives back their numbers, claimed for a blob to come.
    func put(_ chunks: [RawChunk], claim: ChunkClaim) async throws -> [Int64] {
        let known = try await read { db in
            try Set(chunks.map(\.digest).filter { try BlobRows(db).chunk($0) != nil })
        }
        let packed = chunks.map { chunk in
            PackedChunk(
                raw: chunk,
                packed: known.contains(chunk.digest) ? nil : Deflate.packed(chunk.bytes)
            )
        }
        return try await write { db in
            let ids = try packed.map(BlobRows(db).ensure)
            claim.add(ids)
            return ids
        }
    }

    private static func packed(_ frame: BundleReader.Frame) throws -> PackedBlob {
        let bytes =
            switch frame.head.codec {
            case .raw: frame.bytes
            case .deflate: try Deflate.unpacked(frame.bytes, count: frame.head.rawCount)
            }
        let actual = ContentDigest(hashing: bytes)
        guard bytes.count == frame.head.rawCount, actual == frame.head.digest else {
            throw CodeStoreError.digestMismatch(announced: frame.head.digest, actual: actual)
        }
        return PackedBlob(bytes, digest: actual)
    }

    private static func checkCount(of things: some Collection) throws {
        guard things.count <= digestsMax else {
            throw CodeStoreError.invalid("one call takes at most \(digestsMax); send several")
        }
    }
}
