import Core
import GRDB

import struct Foundation.Data

/// Reads the bytes of chunks, within one transaction.
struct ChunkReading {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// The bytes of a chunk as they are stored; whoever unpacks them checks their digest.
    func stored(_ id: Int64) throws -> Data {
        guard let data: Data = try db.first("SELECT data FROM chunk WHERE id = ?", [id], { $0[0] })
        else {
            throw CodeStoreError.notFound("the bytes were removed while they were read")
        }
        return data
    }

    /// The bytes of a range of a blob: at least one, and few more than the limit.
    func bytes(of blob: Int64, in range: Range<Int>, limit: Int = .max) throws -> [UInt8] {
        guard !range.isEmpty else { return [] }
        let statement = try db.cachedStatement(
            sql: """
                SELECT place.start, chunk.size, chunk.codec, chunk.sha256, chunk.data
                FROM blobChunk AS place JOIN chunk ON chunk.id = place.chunkId
                WHERE place.blobId = ?1 AND place.start < ?3 AND place.start >=
                    (SELECT max(start) FROM blobChunk WHERE blobId = ?1 AND start <= ?2)
                ORDER BY place.start
                """
        )
        let arguments: StatementArguments = [blob, range.lowerBound, range.upperBound]
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var bytes: [UInt8] = []
        while bytes.count < limit, let row = try rows.next() {
            let start: Int = row[0]
            let chunk = try Self.unpacked(size: row[1], codec: row[2], digest: row[3], row, at: 4)
            let part = range.clamped(to: start..<(start + chunk.count))
            bytes += chunk[(part.lowerBound - start)..<(part.upperBound - start)]
        }
        guard !bytes.isEmpty else {
            throw CodeStoreError.notFound("the bytes were removed while they were read")
        }
        return bytes
    }

    /// Checks some chunks against their digests, and gives back the last one's number, or nil where
    /// there are no more.
    func check(after id: Int64, limit: Int) throws -> Int64? {
        let ids = try db.all(
            "SELECT id, size, codec, sha256, data FROM chunk WHERE id > ? ORDER BY id LIMIT ?",
            [id, limit]
        ) { row in
            _ = try Self.unpacked(size: row[1], codec: row[2], digest: row[3], row, at: 4)
            return row[0] as Int64
        }
        return ids.last
    }

    /// A chunk's own bytes, compared with their digest: SQLite notices no flipped bit in them.
    private static func unpacked(
        size: Int,
        codec: Int,
        digest: Data,
        _ row: Row,
        at index: Int
    ) throws -> [UInt8] {
        let stored = try row.withUnsafeData(atIndex: index) { data in Array(data ?? Data()) }
        let isPacked = codec == Int(BundleFrame.Codec.deflate.rawValue)
        let bytes = isPacked ? try? Deflate.unpacked(stored, count: size) : stored
        guard let bytes, ContentDigest(hashing: bytes) == (try ContentDigest(stored: digest)) else {
            throw CodeStoreError.corrupt("a chunk's bytes do not have its digest")
        }
        return bytes
    }
}
