import GRDB

package import struct Foundation.Date

/// How far a garbage collection has come.
package struct GarbagePosition: Equatable, Sendable {
    fileprivate enum Phase: Equatable, Sendable {
        case blobs
        case chunks
    }

    fileprivate var phase = Phase.blobs
    fileprivate var after: Int64 = 0

    /// The beginning of a round.
    package static let start = GarbagePosition()

    private init() {}

    fileprivate init(_ phase: Phase, after: Int64 = 0) {
        self.phase = phase
        self.after = after
    }
}

/// What one pass of the garbage collection did.
package struct GarbagePass: Equatable, Sendable {
    /// Blobs deleted.
    package var blobs = 0
    /// Chunks deleted.
    package var chunks = 0
    /// Bytes the deleted chunks took.
    package var bytes = 0
    /// Where the next pass goes on; nil: the round is over.
    package var next: GarbagePosition?
}

extension CodeStoreDatabase {
    /// Rows one pass looks at, so that the writer is soon free again.
    private static let garbagePassRows = 1000

    /// Looks at some blobs or chunks and deletes those that nothing needs.
    ///
    /// A blob goes when no release, manifest or pin refers to it and a day has passed since anyone
    /// stored it or asked for it; a chunk when no blob consists of it and none is being written of
    /// it. Go on with ``GarbagePass/next`` until it is nil; the pages freed are used again.
    package func collectGarbage(
        from position: GarbagePosition = .start,
        at now: Date
    ) async throws -> GarbagePass {
        switch position.phase {
        case .blobs: try await collectBlobs(after: position.after, at: now)
        case .chunks: try await collectChunks(after: position.after)
        }
    }

    private func collectBlobs(after: Int64, at now: Date) async throws -> GarbagePass {
        let oldest = now.milliseconds - GarbageRule.keep
        let page = try await read { db in
            try Self.page(
                of: "blob",
                after: after,
                garbageWhere: "touchedAt < \(oldest) AND \(Self.isUnneededBlob)",
                in: db
            )
        }
        let deleted =
            page.garbage.isEmpty
            ? 0
            : try await write { db in
                var deleted = 0
                for id in page.garbage {
                    try db.run(
                        """
                        DELETE FROM blob WHERE id = ? AND touchedAt < ? AND \(Self.isUnneededBlob)
                        """,
                        [id, oldest]
                    )
                    deleted += db.changesCount
                }
                return deleted
            }
        return GarbagePass(
            blobs: deleted,
            next: page.last.map { GarbagePosition(.blobs, after: $0) } ?? GarbagePosition(.chunks)
        )
    }

    private func collectChunks(after: Int64) async throws -> GarbagePass {
        let page = try await read { db in
            try Self.page(of: "chunk", after: after, garbageWhere: Self.isUnneededChunk, in: db)
        }
        let next = page.last.map { GarbagePosition(.chunks, after: $0) }
        guard !page.garbage.isEmpty else { return GarbagePass(next: next) }
        let claims = claims
        return try await write { db in
            var pass = GarbagePass(next: next)
            // Claims are made in writes, and writes come one after the other.
            for id in page.garbage where !claims.contains(id) {
                let size = try db.number(
                    "SELECT length(data) FROM chunk WHERE id = ? AND \(Self.isUnneededChunk)",
                    [id]
                )
                guard let size else { continue }
                try db.run("DELETE FROM chunk WHERE id = ?", [id])
                pass.chunks += 1
                pass.bytes += Int(size)
            }
            return pass
        }
    }

    private static let isUnneededBlob = """
        NOT EXISTS(SELECT 1 FROM entry WHERE blobId = blob.id)
        AND NOT EXISTS(SELECT 1 FROM release WHERE manifestId = blob.id)
        AND NOT EXISTS(SELECT 1 FROM pin WHERE blobId = blob.id)
        """

    private static let isUnneededChunk = """
        NOT EXISTS(SELECT 1 FROM blobChunk WHERE chunkId = chunk.id)
        """

    /// The next rows of a table: which are garbage, and the last one's number where more may come.
    private static func page(
        of table: String,
        after: Int64,
        garbageWhere condition: String,
        in db: Database
    ) throws -> (garbage: [Int64], last: Int64?) {
        let rows = try db.all(
            "SELECT id, \(condition) FROM \(table) WHERE id > ? ORDER BY id LIMIT ?",
            [after, garbagePassRows]
        ) { row in (id: row[0] as Int64, isGarbage: row[1] as Bool) }
        let garbage = rows.filter(\.isGarbage).map(\.id)
        return (garbage, rows.count < garbagePassRows ? nil : rows.last?.id)
    }
}
