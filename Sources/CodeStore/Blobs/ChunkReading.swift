import Core
import GRDB

import struct Foundation.Data

/// Reads the bytes of chunks.
struct ChunkReading {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// The bytes of a chunk as they are stored.
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
                SELECT place.start, chunk.size, chunk.codec, chunk.data
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
            let chunk = try Self.unpacked(row)
            let part = range.clamped(to: start..<(start + chunk.count))
            bytes += chunk[(part.lowerBound - start)..<(part.upperBound - start)]
        }
        guard !bytes.isEmpty else {
            throw CodeStoreError.notFound("the bytes were removed while they were read")
        }
        return bytes
    }

    private static func unpacked(_ row: Row) throws -> [UInt8] {
        let codec: Int = row[2]
        let data = try row.withUnsafeData(atIndex: 3) { data in Array(data ?? Data()) }
        guard codec == Int(BundleFrame.Codec.deflate.rawValue) else { return data }
        do {
            return try Deflate.unpacked(data, count: row[1])
        } catch {
            throw CodeStoreError.corrupt("a chunk does not unpack")
        }
    }
}
