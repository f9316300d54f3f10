package import Core
import GRDB

package import struct Foundation.Date

extension CodeStoreDatabase {
    /// Makes a release of blobs that are in the store, and moves a channel to it.
    ///
    /// One transaction: all of it or nothing. Publishing the same files under the same version
    /// again does nothing and has the same answer; other files under a used version are refused.
    /// A channel that may not move, because it is held or its policy is not met, does not keep the
    /// release from being published; the answer says why it stayed. A unit begins with its first
    /// release, and with the channels dev, staging and production. An idempotency key that was used
    /// for another release is refused.
    package func publish(
        _ draft: ReleaseDraft,
        by publisher: PromotionActor,
        idempotencyKey: String? = nil,
        at now: Date
    ) async throws -> Publication {
        let publishing: Publishing
        do {
            publishing = try Publishing(
                draft,
                by: publisher,
                idempotencyKey: idempotencyKey,
                at: now
            )
        } catch {
            throw CodeStoreError.translating(error)
        }
        let board = board
        return try await write { db in
            try publishing.run(in: db)
        } committed: { outcome in
            board.change(outcome.changed)
        }.publication
    }
}

/// One publication: what was checked and computed before its transaction.
private struct Publishing: Sendable {
    struct Outcome: Sendable {
        var publication: Publication
        var changed: [PointerBoard.Entry]
    }

    static let notesBytesMax = 65_536

    let draft: ReleaseDraft
    let publisher: PromotionActor
    let idempotencyKey: String?
    let now: Date
    let manifest: PackedBlob

    init(
        _ draft: ReleaseDraft,
        by publisher: PromotionActor,
        idempotencyKey: String?,
        at now: Date
    ) throws {
        let manifest = try ReleaseManifest(
            unit: draft.unit,
            version: draft.version,
            entries: draft.entries
        )
        try Bounds.check(publisher)
        try Bounds.check(idempotencyKey: idempotencyKey)
        try Bounds.check(draft.notes, of: "the notes", max: Self.notesBytesMax)
        try Bounds.check(draft.provenance.repository, of: "the repository's name", max: 256)
        try Bounds.check(draft.provenance.commit, of: "the commit", max: 64)
        let bytes = manifest.canonicalBytes
        self.manifest = PackedBlob(bytes, digest: ContentDigest(hashing: bytes))
        self.draft = draft
        self.publisher = publisher
        self.idempotencyKey = idempotencyKey
        self.now = now
    }

    func run(in db: Database) throws -> Outcome {
        if let outcome = try repeated(in: db) { return outcome }
        let blobs = try blobs(in: db)
        let unit = try ChannelRows(db).ensureUnit(draft.unit, at: now.milliseconds)
        try checkVersion(against: try ChannelRows(db).channels(of: unit))
        let target = try channel(of: unit, in: db)
        let release = try insert(blobs, unit: unit, in: db)
        let move = ChannelMove(
            .promote,
            of: target,
            to: try ReleaseRows(db).release(release),
            as: PromotionIntent(actor: publisher, reason: "published"),
            at: now
        )
        let unmet = try move.unmet(in: db)
        let promotion = unmet.isEmpty ? try move.run(in: db) : nil
        return Outcome(
            publication: Publication(
                release: try ReleaseRows(db).release(release),
                isNew: true,
                channel: target.key.channel,
                promotion: promotion,
                unmet: unmet
            ),
            changed: try ChannelRows(db).states(ofUnit: unit)
        )
    }

    /// The answer of an earlier call, where this one asks for the same.
    private func repeated(in db: Database) throws -> Outcome? {
        let channels = ChannelRows(db)
        let rows = ReleaseRows(db)
        let sameKey = try idempotencyKey.flatMap { try rows.release(withKey: $0) }
        if let idempotencyKey, let sameKey, sameKey.digest != manifest.digest {
            throw CodeStoreError.keyReused(idempotencyKey)
        }
        guard let unit = try channels.unit(draft.unit) else { return nil }
        guard let there = try rows.release(draft.version, of: unit) else { return nil }
        guard there.digest == manifest.digest else {
            throw CodeStoreError.versionTaken(
                unit: draft.unit,
                version: draft.version,
                digest: there.digest
            )
        }
        let target = try channel(of: unit, in: db)
        return Outcome(
            publication: Publication(
                release: there,
                isNew: false,
                channel: target.key.channel,
                promotion: try PromotionRows(db).move(of: target.id, to: there.id),
                unmet: []
            ),
            changed: []
        )
    }

    /// In addresses a version stands where a channel's name may stand too.
    private func checkVersion(against channels: [ChannelRow]) throws {
        guard channels.contains(where: { $0.key.channel == draft.version }) else { return }
        throw CodeStoreError.invalid(
            "\(draft.version) is a channel of \(draft.unit) and cannot be a version too"
        )
    }

    private func channel(of unit: Int64, in db: Database) throws -> ChannelRow {
        let rows = ChannelRows(db)
        if let name = draft.channel {
            return try rows.channel(ChannelKey(unit: draft.unit, channel: name))
        }
        guard let first = try rows.channels(of: unit).first else {
            throw CodeStoreError.corrupt("a unit without channels")
        }
        return first
    }

    /// The number of each entry's blob; throws the list of those that are not there.
    private func blobs(in db: Database) throws -> [Int64] {
        let known = try BlobRows(db).blobs(draft.entries.map(\.digest))
        var missing: [ContentDigest] = []
        var blobs: [Int64] = []
        for entry in draft.entries {
            guard let blob = known[entry.digest] else {
                missing.append(entry.digest)
                continue
            }
            try check(entry, against: blob, in: db)
            blobs.append(blob.id)
        }
        guard missing.isEmpty else { throw CodeStoreError.missingBlobs(missing) }
        return blobs
    }

    private func check(
        _ entry: ReleaseEntry,
        against blob: BlobRows.Blob,
        in db: Database
    ) throws {
        let path = ReleaseProblem.quoted(entry.path.text)
        guard blob.size == entry.size else {
            throw CodeStoreError.invalid(
                "\(path) is said to have \(entry.size) bytes, but its blob has \(blob.size)"
            )
        }
        guard entry.mode == .link else { return }
        let fault =
            blob.size > LinkTarget.lengthMax
            ? LinkTarget.lengthFault
            : LinkTarget.fault(
                in: try ChunkReading(db).bytes(of: blob.id, in: 0..<blob.size),
                of: entry.path
            )
        if let fault {
            throw CodeStoreError.invalid("the link \(path) cannot be published: \(fault)")
        }
    }

    private func insert(_ blobs: [Int64], unit: Int64, in db: Database) throws -> Int64 {
        let rows = ReleaseRows(db)
        let id = try rows.nextId()
        try rows.insert(draft.entries, blobs: blobs, of: id, in: unit)
        try rows.insert(
            NewRelease(
                id: id,
                unit: unit,
                manifest: try BlobRows(db).ensure(manifest, at: now.milliseconds),
                draft: draft,
                publisher: publisher,
                idempotencyKey: idempotencyKey,
                createdAt: now.milliseconds
            )
        )
        return id
    }
}
