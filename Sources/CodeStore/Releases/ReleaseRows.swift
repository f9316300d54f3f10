import Core
import GRDB

import struct Foundation.Data
import struct Foundation.Date

/// The rows of releases and their entries, within one transaction.
struct ReleaseRows {
    let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// The release's number; throws ``CodeStoreError/notFound(_:)``.
    func id(_ choice: ReleaseChoice, of unit: Int64, named name: String) throws -> Int64 {
        let id =
            switch choice {
            case .version(let version):
                try db.number(
                    "SELECT id FROM release WHERE unitId = ? AND version = ?",
                    [unit, version]
                )
            case .digest(let digest):
                try db.number(
                    """
                    SELECT release.id FROM blob JOIN release ON release.manifestId = blob.id
                    WHERE blob.sha256 = ? AND release.unitId = ?
                    """,
                    [digest.data, unit]
                )
            }
        guard let id else {
            throw CodeStoreError.notFound("\(name) has no release \(choice)")
        }
        return id
    }

    /// A release by number; throws ``CodeStoreError/notFound(_:)``.
    func release(_ id: Int64) throws -> Release {
        guard let release = try releases(where: "release.id = ?", [id]).first else {
            throw CodeStoreError.notFound("there is no such release")
        }
        return release
    }

    func release(withKey key: String) throws -> Release? {
        try releases(where: "release.idempotencyKey = ?", [key]).first
    }

    func release(_ version: String, of unit: Int64) throws -> Release? {
        try releases(where: "release.unitId = ? AND release.version = ?", [unit, version]).first
    }

    /// The release of a manifest, in whatever unit.
    func id(ofManifest digest: ContentDigest) throws -> Int64? {
        try db.number(
            """
            SELECT release.id FROM blob JOIN release ON release.manifestId = blob.id
            WHERE blob.sha256 = ?
            """,
            [digest.data]
        )
    }

    /// The releases a condition on `release` selects, in the order it says.
    func releases(where condition: String, _ arguments: StatementArguments) throws -> [Release] {
        try db.all(
            """
            SELECT release.id, unit.name, release.version, blob.sha256, release.files,
                release.bytes, release.buildId, release.jobId, release.repository,
                release.commitSha, release.notes, release.publisher, release.createdAt,
                release.rejection, release.rejectedBy, release.rejectedAt
            FROM release
            JOIN unit ON unit.id = release.unitId
            JOIN blob ON blob.id = release.manifestId
            WHERE \(condition)
            """,
            arguments
        ) { row in
            var release = try Self.release(row)
            release.channels = try channels(at: release.id)
            return release
        }
    }

    /// Seals a release whose entries are written.
    func insert(_ release: NewRelease) throws {
        let draft = release.draft
        try db.run(
            """
            INSERT INTO release(id, unitId, version, manifestId, files, bytes, buildId, jobId,
                repository, commitSha, publisher, idempotencyKey, createdAt, notes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                release.id, release.unit, draft.version, release.manifest, draft.entries.count,
                draft.entries.reduce(0) { $0 + $1.size }, draft.provenance.build?.rawValue,
                draft.provenance.job?.rawValue, draft.provenance.repository,
                draft.provenance.commit, release.publisher.description, release.idempotencyKey,
                release.createdAt, draft.notes,
            ]
        )
    }

    /// The number the next release gets.
    func nextId() throws -> Int64 {
        (try db.number("SELECT max(id) FROM release") ?? 0) + 1
    }

    /// Writes the entries of a release that is to be sealed, in one statement.
    func insert(
        _ entries: [ReleaseEntry],
        blobs: [Int64],
        of release: Int64,
        in unit: Int64
    ) throws {
        let known = try newestPaths(of: unit)
        let rows = try zip(entries, blobs).map { entry, blob in
            let path = try known[entry.path] ?? ensure(entry.path)
            return "[\(path),\(entry.mode.rawValue),\(blob)]"
        }
        try db.run(
            """
            INSERT INTO entry(releaseId, pathId, mode, blobId)
            SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2)
            """,
            [release, "[\(rows.joined(separator: ","))]"]
        )
    }

    /// The paths of a unit's newest release: nearly all a new one needs.
    private func newestPaths(of unit: Int64) throws -> [ReleasePath: Int64] {
        let paths = try db.all(
            """
            SELECT path.text, path.id FROM entry JOIN path ON path.id = entry.pathId
            WHERE entry.releaseId = (SELECT max(id) FROM release WHERE unitId = ?)
            """,
            [unit]
        ) { (try ReleasePath($0[0]), $0[1] as Int64) }
        return Dictionary(uniqueKeysWithValues: paths)
    }

    func reject(_ release: Int64, _ rejection: Rejection) throws {
        try db.run(
            "UPDATE release SET rejection = ?, rejectedBy = ?, rejectedAt = ? WHERE id = ?",
            [
                rejection.reason, rejection.actor.description, rejection.at.milliseconds, release,
            ]
        )
    }

    private func ensure(_ path: ReleasePath) throws -> Int64 {
        if let id = try db.number("SELECT id FROM path WHERE text = ?", [path.text]) { return id }
        try db.run("INSERT INTO path(text) VALUES (?)", [path.text])
        return db.lastInsertedRowID
    }

    private func channels(at release: Int64) throws -> [String] {
        try db.all("SELECT name FROM channel WHERE releaseId = ? ORDER BY rank", [release]) {
            $0[0]
        }
    }

    private static func release(_ row: Row) throws -> Release {
        Release(
            id: row[0],
            unit: row[1],
            version: row[2],
            digest: try ContentDigest(stored: row[3]),
            files: row[4],
            bytes: row[5],
            provenance: Provenance(
                build: (row[6] as Int64?).map { BuildID($0) },
                job: (row[7] as Int64?).map { JobID($0) },
                repository: row[8],
                commit: row[9]
            ),
            notes: row[10],
            publisher: try PromotionActor(stored: row[11]),
            createdAt: Date(milliseconds: row[12]),
            rejection: try rejection(row),
            channels: []
        )
    }

    private static func rejection(_ row: Row) throws -> Rejection? {
        guard let reason: String = row[13], let actor: String = row[14], let at: Int64 = row[15]
        else { return nil }
        return Rejection(
            reason: reason,
            actor: try PromotionActor(stored: actor),
            at: Date(milliseconds: at)
        )
    }
}

/// A release about to be sealed.
struct NewRelease {
    var id: Int64
    var unit: Int64
    var manifest: Int64
    var draft: ReleaseDraft
    var publisher: PromotionActor
    var idempotencyKey: String?
    /// Milliseconds since 1970.
    var createdAt: Int64
}
