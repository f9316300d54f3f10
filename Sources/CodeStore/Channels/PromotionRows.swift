import Core
import GRDB

import struct Foundation.Data
import struct Foundation.Date

/// The rows of the promotion log, within one transaction.
struct PromotionRows {
    /// A row about to be written; the rest follows from where the channel and the log stand.
    struct Draft {
        var channel: ChannelRow
        var kind: PromotionKind
        var to: Int64?
        var actor: PromotionActor
        var reason: String
        var idempotencyKey: String?
        var at: Date
    }

    /// How many bytes a reason may have.
    static let reasonBytesMax = 4096

    let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// Appends a row, which moves its channel.
    func append(_ draft: Draft) throws -> Promotion {
        let head = try head()
        var promotion = Promotion(
            rev: head.rev + 1,
            unit: draft.channel.key.unit,
            channel: draft.channel.key.channel,
            kind: draft.kind,
            from: try target(draft.channel.releaseId),
            to: try target(draft.to),
            actor: draft.actor,
            reason: draft.reason,
            at: Date(milliseconds: draft.at.milliseconds),
            previousHash: head.hash,
            hash: head.hash
        )
        promotion.hash = Self.hash(of: promotion.row, after: head.hash)
        try db.run(
            """
            INSERT INTO promotion(rev, channelId, kind, fromReleaseId, toReleaseId, actor,
                reason, idempotencyKey, at, previousHash, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                promotion.rev, draft.channel.id, draft.kind.rawValue, draft.channel.releaseId,
                draft.to, draft.actor.description, draft.reason,
                draft.idempotencyKey, draft.at.milliseconds, head.hash.data, promotion.hash.data,
            ]
        )
        return promotion
    }

    static func hash(of row: PromotionRow, after previous: ContentDigest) -> ContentDigest {
        ContentDigest(hashing: previous.bytes + row.canonicalBytes)
    }

    /// The newest row's number and hash.
    func head() throws -> (rev: Int64, hash: ContentDigest) {
        try db.first("SELECT rev, hash FROM promotion ORDER BY rev DESC LIMIT 1") { row in
            (row[0], try ContentDigest(stored: row[1]))
        } ?? (0, .zero)
    }

    /// Whether the channel runs the release or has run it.
    func has(_ release: Int64, beenIn channel: Int64) throws -> Bool {
        let found = try db.number(
            "SELECT rev FROM promotion WHERE channelId = ? AND toReleaseId = ? LIMIT 1",
            [channel, release]
        )
        return found != nil
    }

    /// The newest row that moved the channel to the release.
    func move(of channel: Int64, to release: Int64) throws -> Promotion? {
        try promotions(
            where: """
                promotion.channelId = ? AND promotion.toReleaseId = ?
                AND promotion.kind IN ('promote', 'rollback')
                ORDER BY promotion.rev DESC LIMIT 1
                """,
            [channel, release]
        ).first
    }

    /// The row a caller made with this key.
    func promotion(withKey key: String) throws -> Promotion? {
        try promotions(where: "promotion.idempotencyKey = ?", [key]).first
    }

    /// The releases the channel can go back to.
    ///
    /// Built from its last ten thousand moves: older ones are out of reach.
    func trail(of channel: Int64) throws -> ChannelTrail<Int64> {
        let moves = try db.all(
            """
            SELECT kind, toReleaseId FROM (
                SELECT rev, kind, toReleaseId FROM promotion
                WHERE channelId = ? AND kind IN ('promote', 'rollback')
                ORDER BY rev DESC LIMIT 10000
            ) ORDER BY rev
            """,
            [channel]
        ) { (kind: try Self.kind($0[0]), release: $0[1] as Int64) }
        var trail = ChannelTrail<Int64>()
        for move in moves { trail.append(move.kind, to: move.release) }
        return trail
    }

    /// The rows a condition on `promotion`, `unit` and `channel` selects, in the order it says.
    func promotions(where condition: String, _ arguments: StatementArguments) throws -> [Promotion]
    {
        try db.all(
            """
            SELECT promotion.rev, unit.name, channel.name, promotion.kind,
                source.version, sourceBlob.sha256, target.version, targetBlob.sha256,
                promotion.actor, promotion.reason, promotion.at,
                promotion.previousHash, promotion.hash
            FROM promotion
            JOIN channel ON channel.id = promotion.channelId
            JOIN unit ON unit.id = channel.unitId
            LEFT JOIN release AS source ON source.id = promotion.fromReleaseId
            LEFT JOIN blob AS sourceBlob ON sourceBlob.id = source.manifestId
            LEFT JOIN release AS target ON target.id = promotion.toReleaseId
            LEFT JOIN blob AS targetBlob ON targetBlob.id = target.manifestId
            WHERE \(condition)
            """,
            arguments,
            Self.promotion
        )
    }

    private func target(_ release: Int64?) throws -> Promotion.Target? {
        guard let release else { return nil }
        let target = try db.first(
            """
            SELECT release.version, blob.sha256
            FROM release JOIN blob ON blob.id = release.manifestId WHERE release.id = ?
            """,
            [release]
        ) { try Self.target(version: $0[0], digest: $0[1]) }
        return target ?? nil
    }

    private static func promotion(_ row: Row) throws -> Promotion {
        Promotion(
            rev: row[0],
            unit: row[1],
            channel: row[2],
            kind: try kind(row[3]),
            from: try target(version: row[4], digest: row[5]),
            to: try target(version: row[6], digest: row[7]),
            actor: try PromotionActor(stored: row[8]),
            reason: row[9],
            at: Date(milliseconds: row[10]),
            previousHash: try ContentDigest(stored: row[11]),
            hash: try ContentDigest(stored: row[12])
        )
    }

    private static func target(version: String?, digest: Data?) throws -> Promotion.Target? {
        guard let version, let digest else { return nil }
        return Promotion.Target(version: version, digest: try ContentDigest(stored: digest))
    }

    private static func kind(_ text: String) throws -> PromotionKind {
        guard let kind = PromotionKind(rawValue: text) else {
            throw CodeStoreError.corrupt("a promotion of the kind \(text)")
        }
        return kind
    }
}

extension PromotionActor {
    /// How many bytes the name may have.
    static let nameBytesMax = 256

    /// An actor as the database stores it.
    init(stored text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else {
            throw CodeStoreError.corrupt("an actor called \(ReleaseProblem.quoted(text))")
        }
        self.init(kind, String(parts[1]))
    }
}
