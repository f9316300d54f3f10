package import Core
import GRDB

extension CodeStoreDatabase {
    /// Keeps blobs from the garbage collection for as long as the holder wants.
    ///
    /// All or none: throws ``CodeStoreError/missingBlobs(_:)`` where some are not there. A holder
    /// is
    /// a name such as `build:1482`.
    package func pin(_ digests: [ContentDigest], for holder: String) async throws {
        try Self.check(holder)
        guard digests.count <= ReleaseManifest.entriesMax else {
            throw CodeStoreError.invalid("one holder pins at most \(ReleaseManifest.entriesMax)")
        }
        try await write { db in
            let blobs = try BlobRows(db).blobs(digests)
            let missing = digests.filter { blobs[$0] == nil }
            guard missing.isEmpty else { throw CodeStoreError.missingBlobs(missing) }
            for blob in blobs.values {
                try db.run(
                    "INSERT OR IGNORE INTO pin(holder, blobId) VALUES (?, ?)",
                    [holder, blob.id]
                )
            }
        }
    }

    /// Lets go of everything the holder pinned.
    ///
    /// The blobs stay for another day, in case someone has just been told that they are there.
    package func unpin(_ holder: String) async throws {
        try Self.check(holder)
        try await write { db in
            try db.run("DELETE FROM pin WHERE holder = ?", [holder])
        }
    }

    private static func check(_ holder: String) throws {
        guard !holder.isEmpty else { throw CodeStoreError.invalid("a pin needs a holder") }
        try Bounds.check(holder, of: "the holder of a pin", max: 256)
    }
}
