package import Core
import GRDB

import struct Foundation.Data

/// A file of a release.
package struct ReleaseFile: Equatable, Sendable {
    package var path: ReleasePath
    package var digest: ContentDigest
    package var size: Int
    package var mode: EntryMode
    package var version: String
}

/// What lies between two releases of a unit.
package struct ReleaseDifference: Equatable, Sendable {
    /// A file that is not the same in both.
    package struct File: Equatable, Sendable {
        package var path: String
        /// In bytes; nil: the file is new.
        package var sizeBefore: Int?
        /// In bytes; nil: the file is gone.
        package var sizeAfter: Int?
    }

    /// By path.
    package var files: [File]
    /// Bytes a node that has the one release must fetch for the other, unpacked.
    package var bytesToFetch: Int

    package var added: [File] { files.filter { $0.sizeBefore == nil } }
    package var removed: [File] { files.filter { $0.sizeAfter == nil } }
    package var changed: [File] { files.filter { $0.sizeBefore != nil && $0.sizeAfter != nil } }
}

extension CodeStoreDatabase {
    /// A file of the release that a channel runs or a version names.
    package func file(
        _ path: ReleasePath,
        of unit: String,
        at place: String
    ) async throws -> ReleaseFile {
        let files = try await files(of: unit, at: place, where: "path.text = ?2", path.text)
        guard let file = files.first else {
            throw CodeStoreError.notFound(
                "\(unit)/\(place) has no file \(ReleaseProblem.quoted(path.text))"
            )
        }
        return file
    }

    /// All files of the release that a channel runs or a version names, by path.
    package func files(of unit: String, at place: String) async throws -> [ReleaseFile] {
        try await files(of: unit, at: place, where: "?2 IS NULL", nil)
    }

    private func files(
        of unit: String,
        at place: String,
        where condition: String,
        _ argument: String?
    ) async throws -> [ReleaseFile] {
        try await read { db in
            let release = try Self.release(of: unit, at: place, in: db)
            return try db.all(
                """
                SELECT path.text, blob.sha256, blob.size, entry.mode
                FROM entry
                JOIN path ON path.id = entry.pathId
                JOIN blob ON blob.id = entry.blobId
                WHERE entry.releaseId = ?1 AND \(condition) ORDER BY path.text
                """,
                [release.id, argument]
            ) { try Self.file($0, version: release.version) }
        }
    }

    private static func release(
        of unit: String,
        at place: String,
        in db: Database
    ) throws -> (id: Int64, version: String) {
        let rows = ChannelRows(db)
        let id = try rows.existingUnit(unit)
        guard let channel = try rows.channels(of: id).first(where: { $0.key.channel == place })
        else {
            return (try ReleaseRows(db).id(.version(place), of: id, named: unit), place)
        }
        guard let release = channel.releaseId else {
            throw CodeStoreError.notFound("\(unit)/\(place) has no release yet")
        }
        return (release, try ReleaseRows(db).release(release).version)
    }

    private static func file(_ row: Row, version: String) throws -> ReleaseFile {
        guard let mode = EntryMode(rawValue: row[3]) else {
            throw CodeStoreError.corrupt("an entry of an unknown mode")
        }
        return ReleaseFile(
            path: try ReleasePath(row[0]),
            digest: try ContentDigest(stored: row[1]),
            size: row[2],
            mode: mode,
            version: version
        )
    }

    /// What changes for a node that goes from one release, or from nothing, to another.
    package func difference(
        of unit: String,
        from: ReleaseChoice?,
        to: ReleaseChoice
    ) async throws -> ReleaseDifference {
        try await read { db in
            let rows = ReleaseRows(db)
            let id = try ChannelRows(db).existingUnit(unit)
            // No release has the number 0.
            let old = try from.map { try rows.id($0, of: id, named: unit) } ?? 0
            let new = try rows.id(to, of: id, named: unit)
            return ReleaseDifference(
                files: try Self.changedFiles(from: old, to: new, in: db),
                bytesToFetch: try Self.bytesToFetch(from: old, to: new, in: db)
            )
        }
    }

    private static func changedFiles(
        from old: Int64,
        to new: Int64,
        in db: Database
    ) throws -> [ReleaseDifference.File] {
        try db.all(
            """
            SELECT path.text, blobBefore.size, blobAfter.size
            FROM (
                SELECT pathId FROM entry WHERE releaseId = ?1
                UNION SELECT pathId FROM entry WHERE releaseId = ?2
            ) AS place
            JOIN path ON path.id = place.pathId
            LEFT JOIN entry AS before
                ON before.releaseId = ?1 AND before.pathId = place.pathId
            LEFT JOIN entry AS after
                ON after.releaseId = ?2 AND after.pathId = place.pathId
            LEFT JOIN blob AS blobBefore ON blobBefore.id = before.blobId
            LEFT JOIN blob AS blobAfter ON blobAfter.id = after.blobId
            WHERE before.blobId IS NOT after.blobId OR before.mode IS NOT after.mode
            ORDER BY path.text
            """,
            [old, new]
        ) { row in
            ReleaseDifference.File(path: row[0], sizeBefore: row[1], sizeAfter: row[2])
        }
    }

    private static func bytesToFetch(
        from old: Int64,
        to new: Int64,
        in db: Database
    ) throws -> Int {
        let bytes = try db.number(
            """
            SELECT sum(size) FROM blob WHERE id IN (
                SELECT blobId FROM entry WHERE releaseId = ?2
                EXCEPT SELECT blobId FROM entry WHERE releaseId = ?1
            )
            """,
            [old, new]
        )
        return Int(bytes ?? 0)
    }
}
