package import Core
import GRDB

package import struct Foundation.Date

extension CodeStoreDatabase {
    package static let releasesPageMax = 1000

    /// Releases of a unit, newest first, from the one before the ``Release/id`` a page ended with.
    ///
    /// A page has at most ``releasesPageMax``.
    package func releases(
        of unit: String,
        before: Int64? = nil,
        limit: Int = 50
    ) async throws -> [Release] {
        try await read { db in
            let id = try ChannelRows(db).existingUnit(unit)
            return try ReleaseRows(db).releases(
                where: "release.unitId = ? AND release.id < ? ORDER BY release.id DESC LIMIT ?",
                [id, before ?? .max, min(max(limit, 0), Self.releasesPageMax)]
            )
        }
    }

    /// A release by version or digest.
    package func release(_ choice: ReleaseChoice, of unit: String) async throws -> Release {
        try await read { db in
            let id = try ChannelRows(db).existingUnit(unit)
            let rows = ReleaseRows(db)
            return try rows.release(rows.id(choice, of: id, named: unit))
        }
    }

    /// The releases a build published, oldest first.
    package func releases(of build: BuildID) async throws -> [Release] {
        try await read { db in
            try ReleaseRows(db).releases(
                where: "release.buildId = ? ORDER BY release.id LIMIT ?",
                [build.rawValue, Self.releasesPageMax]
            )
        }
    }

    /// The releases a channel can go back to, nearest first, rejected ones left out.
    package func rollbackTargets(of key: ChannelKey, limit: Int = 10) async throws -> [Release] {
        try await read { db in
            let channel = try ChannelRows(db).channel(key)
            let earlier = try PromotionRows(db).trail(of: channel.id).earlier.lazy
            return try earlier.map(ReleaseRows(db).release).filter { $0.rejection == nil }
                .prefix(limit).map(\.self)
        }
    }

    /// Makes a release unpromotable everywhere, for good.
    ///
    /// Channels that run it keep running it until they are moved. A second rejection changes
    /// nothing.
    @discardableResult
    package func reject(
        _ choice: ReleaseChoice,
        of unit: String,
        because reason: String,
        by actor: PromotionActor,
        at now: Date
    ) async throws -> Release {
        try Bounds.check(actor)
        try Bounds.checkReason(reason, for: "a rejection")
        return try await write { db in
            let rows = ReleaseRows(db)
            let id = try rows.id(choice, of: ChannelRows(db).existingUnit(unit), named: unit)
            if try rows.release(id).rejection == nil {
                try rows.reject(id, Rejection(reason: reason, actor: actor, at: now))
            }
            return try rows.release(id)
        }
    }

    /// The bytes of a release's manifest.
    package func manifest(_ digest: ContentDigest) async throws -> [UInt8] {
        if let bytes = cachedManifest(digest) { return bytes }
        guard try await read({ db in try ReleaseRows(db).id(ofManifest: digest) }) != nil else {
            throw CodeStoreError.notFound("no release has the manifest \(digest)")
        }
        let bytes = try await bytes(of: digest).collect(upTo: Self.manifestBytesMax)
        cache.keep(bytes, as: .manifest(digest))
        return bytes
    }

    /// The bytes of a manifest that was asked for lately, without waiting for the database.
    package func cachedManifest(_ digest: ContentDigest) -> [UInt8]? {
        cache[.manifest(digest)]
    }

    /// A hundred thousand entries of the longest paths, every byte of them escaped.
    private static let manifestBytesMax = 700 << 20
}
