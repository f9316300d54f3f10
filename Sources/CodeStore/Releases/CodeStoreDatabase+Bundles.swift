package import Core
import GRDB

import struct Foundation.Data

extension CodeStoreDatabase {
    /// Bundles up to this size are kept in memory once made.
    private static let cachedBundleBytesMax = 4 << 20

    /// Every blob a node lacks for a release, as one stream of ``BundleFrame``s.
    ///
    /// Blobs come in the order of the manifest's paths, each once. Those of one chunk travel as
    /// they are stored, larger ones unpacked. `from` is the manifest of the release the node has;
    /// without one, or with one this store does not know, all blobs come.
    package func bundle(
        to: ContentDigest,
        from: ContentDigest? = nil
    ) async throws -> StoredBytes {
        let key = ByteCache.Key.bundle(to: to, from: from)
        if let bytes = cache[key] { return StoredBytes([.memory(bytes)], in: self) }
        let segments = try await read { db in try Self.segments(to: to, from: from, in: db) }
        let bundle = StoredBytes(segments, in: self)
        guard bundle.byteCount <= Self.cachedBundleBytesMax else { return bundle }
        let bytes = try await singleFlight.bytes(for: key) { [cache] in
            if let bytes = cache[key] { return bytes }
            let bytes = try await bundle.collect(upTo: Self.cachedBundleBytesMax)
            cache.keep(bytes, as: key)
            return bytes
        }
        return StoredBytes([.memory(bytes)], in: self)
    }

    private static func segments(
        to: ContentDigest,
        from: ContentDigest?,
        in db: Database
    ) throws -> [StoredBytes.Segment] {
        let rows = ReleaseRows(db)
        guard let new = try rows.id(ofManifest: to) else {
            throw CodeStoreError.notFound("no release has the manifest \(to)")
        }
        // No release has the number 0.
        let old = try from.flatMap(rows.id(ofManifest:)) ?? 0
        let blobs = try Row.fetchCursor(
            db,
            sql: """
                SELECT blob.id, blob.sha256, blob.size, chunk.id, chunk.codec, length(chunk.data)
                FROM entry
                JOIN path ON path.id = entry.pathId
                JOIN blob ON blob.id = entry.blobId
                LEFT JOIN blobChunk AS place ON place.blobId = blob.id AND place.start = 0
                LEFT JOIN chunk ON chunk.id = place.chunkId AND chunk.size = blob.size
                WHERE entry.releaseId = ?2 AND entry.blobId NOT IN
                    (SELECT blobId FROM entry WHERE releaseId = ?1)
                ORDER BY path.text
                """,
            arguments: [old, new]
        )
        var segments: [StoredBytes.Segment] = [.memory(BundleFrame.magic)]
        var seen: Set<Int64> = []
        while let row = try blobs.next() {
            if seen.insert(row[0]).inserted { segments += try frame(row) }
        }
        return segments
    }

    private static func frame(_ row: Row) throws -> [StoredBytes.Segment] {
        let (blob, size) = (row[0] as Int64, row[2] as Int)
        let chunk: Int64? = row[3]
        let codec = (row[4] as UInt8?).flatMap(BundleFrame.Codec.init) ?? .raw
        let head = BundleFrame(
            digest: try ContentDigest(stored: row[1]),
            codec: codec,
            rawCount: size,
            storedCount: row[5] ?? size
        )
        let body: StoredBytes.Segment =
            if let chunk {
                .chunk(id: chunk, count: head.storedCount)
            } else {
                .blob(id: blob, 0..<size)
            }
        return [.memory(head.head), body]
    }
}
